import type { Uuid } from "@leasehold/kernel";
import { isOfCustomerOf } from "../domain/pool-access.ts";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type { PoolTerms } from "./pool-terms.ts";

/**
 * Refuses whoever speaks of a lease in a pool that is neither of its own license nor of a resource
 * of its own customer, whatever that is bound to: as if there were no such pool.
 * @throws Problem NOT_FOUND; DEPENDENCY_UNAVAILABLE
 */
export async function refuseForeign(
  terms: Pick<PoolTerms, "of">,
  { license, byLicense }: { readonly license: Uuid; readonly byLicense?: string | undefined },
): Promise<void> {
  if (byLicense === undefined) return;
  const { name, boundTo } = await terms.of(license);
  if (boundTo === undefined || !isOfCustomerOf(name, byLicense)) throw licenseNotFound();
}
