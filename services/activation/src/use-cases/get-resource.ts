import type { Resource, ResourceRef } from "../domain/resource.ts";
import { resourceNotFound } from "../domain/resource-problems.ts";
import type { ResourceReads } from "./resource-ports.ts";

/**
 * Reads a resource.
 * @param licensedOnly whether one that no license grants now is as if there were none
 * @throws Problem NOT_FOUND
 */
export async function getResource(
  resources: Pick<ResourceReads, "findResource" | "findLicensedResource">,
  ref: ResourceRef,
  licensedOnly: boolean,
  now: number,
): Promise<Resource> {
  const found = licensedOnly
    ? await resources.findLicensedResource(ref, now)
    : await resources.findResource(ref);
  if (found === undefined) throw resourceNotFound();
  return found;
}
