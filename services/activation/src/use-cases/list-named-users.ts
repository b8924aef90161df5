import type { ListQuery, Page } from "@leasehold/list-query";
import { ensureReach, type LicenseCaller } from "../domain/customer-reach.ts";
import { ensureNaming, type NamedUser } from "../domain/named-user.ts";
import type { NamedUserField } from "../domain/named-user-list.ts";
import { licenseNotFound } from "../domain/named-user-problems.ts";
import type { NamedUserReads } from "./named-user-ports.ts";

/**
 * The users that a license names.
 * @throws Problem NOT_FOUND; INVALID_REQUEST if the license names no users
 */
export async function listNamedUsers(
  store: NamedUserReads,
  caller: LicenseCaller,
  license: string,
  query: ListQuery<NamedUserField>,
): Promise<Page<NamedUser>> {
  ensureReach(caller, license, "look");
  const naming = await store.findNaming(license);
  if (naming === undefined) throw licenseNotFound();
  ensureNaming(naming);
  return store.listNamedUsers(license, query);
}
