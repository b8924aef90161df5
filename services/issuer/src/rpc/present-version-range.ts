import type { VersionRange as WireRange } from "@leasehold/contracts";
import type { VersionRange } from "@leasehold/license-format";

/** Versions of a product as the contract has them; absent for every one. */
export function presentVersionRange(range: VersionRange | undefined): WireRange | undefined {
  return range && { oldest: range.oldest ?? "", newest: range.newest ?? "" };
}
