import type { VersionRange as WireRange } from "@leasehold/contracts";
import { hasVersions, isVersion, type VersionRange } from "@leasehold/license-format";
import type { Check } from "@leasehold/service-kit";

const RULE = "must be major, major.minor or major.minor.patch, each number below 1,000,000";

/** Versions of a product; `undefined` for every one, be it that nothing is given or that both ends are open. */
export function readVersionRange(
  check: Check,
  field: string,
  range: WireRange | undefined,
): VersionRange | undefined {
  const ends = (["oldest", "newest"] as const).filter((end) => range?.[end]);
  if (!range || ends.length === 0) return undefined;
  const faulty = ends.filter((end) => !isVersion(range[end]));
  for (const end of faulty) check.violation(`${field}.${end}`, RULE);
  const read = Object.fromEntries(ends.map((end) => [end, range[end]])) as VersionRange;
  if (faulty.length === 0 && !hasVersions(read))
    check.violation(field, "must not begin behind its end");
  return read;
}
