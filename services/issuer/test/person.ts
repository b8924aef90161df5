import { issuer } from "@leasehold/contracts";
import type { Client } from "@leasehold/rpc-client";
import { requestId } from "./issuer-under-test.ts";

export type AccountClient = Client<typeof issuer.AccountServiceDefinition>;
export type CustomerClient = Client<typeof issuer.CustomerServiceDefinition>;

export const PROVIDER = "https://id.example.com";

/** An identity that nobody has. */
export function newIdentity(): issuer.Identity {
  return { issuer: PROVIDER, subject: `s-${requestId()}` };
}

/** The account of a person who signs in for the first time. */
export async function createAccount(
  accounts: AccountClient,
  identity: issuer.Identity = newIdentity(),
): Promise<issuer.Account> {
  const account = { displayName: "Ada Lovelace", email: "ada@acme.example" };
  const created = await accounts.createAccount({ requestId: requestId(), account, identity });
  return created.account!;
}

export async function invite(
  accounts: AccountClient,
  parent: string,
  role: issuer.CustomerRole = issuer.CustomerRole.USER,
) {
  const invitation = { email: "ada@acme.example", role };
  return accounts.createInvitation({ requestId: requestId(), parent, invitation });
}

export function accept(accounts: AccountClient, account: string, secret: string) {
  return accounts.acceptInvitation({ requestId: requestId(), account, secret });
}

export async function closeCustomer(
  customers: CustomerClient,
  name: string,
): Promise<issuer.Customer> {
  const closed = await customers.closeCustomer({ requestId: requestId(), name, why: "moved on" });
  return closed.customer!;
}

/** How many of the calls were answered; what the others were refused for, sorted. */
export async function outcomes(
  calls: readonly Promise<unknown>[],
): Promise<{ readonly won: number; readonly refusals: readonly string[] }> {
  const settled = await Promise.allSettled(calls);
  const refusals = settled.flatMap((outcome) =>
    outcome.status === "rejected" ? [(outcome.reason as { readonly reason: string }).reason] : [],
  );
  return { won: settled.length - refusals.length, refusals: refusals.toSorted() };
}
