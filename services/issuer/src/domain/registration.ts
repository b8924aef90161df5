import type { Account } from "./account.ts";

/** Of how many customers somebody may be administrator and still create a further one. */
export const ADMINISTERED_MAX = 10;

/** Whether an account may create one more customer by itself. */
export function mayCreateCustomer({ memberships }: Pick<Account, "memberships">): boolean {
  return memberships.filter(({ role }) => role === "ADMINISTRATOR").length < ADMINISTERED_MAX;
}
