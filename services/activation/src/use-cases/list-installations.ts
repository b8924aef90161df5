import type { ListQuery, Page } from "@leasehold/list-query";
import { type Caller, checkCustomerReadable } from "../domain/installation-access.ts";
import type { Installation } from "../domain/installation.ts";
import type { InstallationField } from "../domain/installations-list.ts";
import type { InstallationLives, InstallationParent } from "./installation-ports.ts";

/** What to list. */
export interface ListInstallations {
  readonly parent: InstallationParent;
  readonly query: ListQuery<InstallationField>;
}

/**
 * The installations of a license or of a customer, a page at a time. One that was never unlocked has
 * none, be it that there is no such license.
 * @throws Problem NOT_FOUND to whoever has nothing to do with the customer
 */
export async function listInstallations(
  lives: Pick<InstallationLives, "list">,
  caller: Caller,
  { parent, query }: ListInstallations,
): Promise<Page<Installation>> {
  checkCustomerReadable(caller, `customers/${parent.customer}`);
  return lives.list(parent, query);
}
