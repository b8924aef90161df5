import type { Pool } from "./pool.ts";

/** Why a license may not have seats of a pool. */
export type AccessFault =
  /** As if there were no such pool. */
  | "unknown"
  /** It is a resource that is not bound to the license; or the license has no seats but of resources. */
  | "not-licensed";

/**
 * Whether seats of a pool may be had by a license.
 * @param byLicense the license by which a resource's seat is asked for; absent: a seat of the
 *   license itself is
 * @returns `undefined` if they may
 */
export function accessFault(
  { name, boundTo, terms }: Pick<Pool, "name" | "boundTo" | "terms">,
  byLicense: string | undefined,
): AccessFault | undefined {
  if (boundTo === undefined) {
    if (byLicense !== undefined) return "unknown";
    return terms.model === "RESOURCE" ? "not-licensed" : undefined;
  }
  if (!isOfCustomerOf(name, byLicense)) return "unknown";
  return boundTo === byLicense ? undefined : "not-licensed";
}

/** Whether a resource is of the customer whose license it is. */
export function isOfCustomerOf(resource: string, license: string | undefined): boolean {
  const [, customer] = resource.split("/");
  return license?.startsWith(`customers/${customer}/licenses/`) === true;
}
