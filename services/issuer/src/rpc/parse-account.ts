import { issuer } from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import { type ListReading, type PageTokens, readList } from "@leasehold/list-query";
import { type Check, isProviderUrl } from "@leasehold/service-kit";
import type { CustomerRole, Identity } from "../domain/account.ts";
import { ACCOUNTS_LIST, type AccountField } from "../domain/account-list.ts";
import { parseAccountName } from "../domain/account-names.ts";
import type { Caller } from "../domain/caller.ts";
import type { ChangeIdentity } from "../use-cases/change-identities.ts";
import type { MembershipRef, SetMembership } from "../use-cases/change-memberships.ts";
import type { CreateAccount } from "../use-cases/create-account.ts";
import { DISPLAY_TEXT } from "./parse-catalogue.ts";
import { readCustomerName } from "./parse-customer.ts";
import { readEmail } from "./read-email.ts";
import { readName } from "./read-name.ts";

const ACCOUNT_PATTERN = "accounts/{account}, of which the id is a UUID";
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

const ROLES = [issuer.CustomerRole.ADMINISTRATOR, issuer.CustomerRole.USER] as const;
const ROLE = {
  [issuer.CustomerRole.ADMINISTRATOR]: "ADMINISTRATOR",
  [issuer.CustomerRole.USER]: "USER",
} as const satisfies Record<(typeof ROLES)[number], CustomerRole>;

/** An account by its name. */
export function readAccountName(check: Check, field: string, name: string): Uuid {
  return readName(check, field, name, parseAccountName, ACCOUNT_PATTERN);
}

/** The account that is meant, wherever an account may leave it out to mean itself. */
export function readOwnAccountName(
  check: Check,
  field: string,
  name: string,
  caller: Caller,
): Uuid {
  if (name === "" && caller.kind === "account") return caller.account;
  return readAccountName(check, field, name);
}

/** What a person is to be for a customer. */
export function readRole(check: Check, field: string, role: issuer.CustomerRole): CustomerRole {
  return ROLE[check.oneOf(field, role, ROLES)];
}

/** The account to create. */
export function readCreateAccount(
  check: Check,
  { account, identity }: issuer.CreateAccountRequest,
): CreateAccount {
  const person = check.message("account", account, ({ displayName, email }) => ({
    displayName: check.text("account.display_name", displayName, DISPLAY_TEXT),
    email: readEmail(check, "account.email", email),
  }));
  return { ...person, identity: readIdentity(check, identity) };
}

/** The account to tell of. */
export function readGetAccount(check: Check, { name }: issuer.GetAccountRequest): Uuid {
  return readAccountName(check, "name", name);
}

/** How the person signed in. */
export function readFindAccount(check: Check, { identity }: issuer.FindAccountRequest): Identity {
  return readIdentity(check, identity);
}

/** The identity to link or to unlink. */
export function readChangeIdentity(
  check: Check,
  { name, identity }: Pick<issuer.LinkIdentityRequest, "name" | "identity">,
): ChangeIdentity {
  return {
    account: readAccountName(check, "name", name),
    identity: readIdentity(check, identity),
  };
}

/** The membership to set. */
export function readSetMembership(
  check: Check,
  request: issuer.SetMembershipRequest,
): SetMembership {
  return {
    ...readMembership(check, request),
    role: readRole(check, "role", request.role),
  };
}

/** The membership to end. */
export function readMembership(
  check: Check,
  { name, customer }: Pick<issuer.RemoveMembershipRequest, "name" | "customer">,
): MembershipRef {
  return {
    account: readAccountName(check, "name", name),
    customerId: readCustomerName(check, "customer", customer),
  };
}

/** The page of accounts to tell of. */
export function readListAccounts(
  check: Check,
  request: issuer.ListAccountsRequest,
  tokens: PageTokens,
): ListReading<AccountField> {
  const call = { tokens, method: "ListAccounts", parent: "" };
  return readList(check, ACCOUNTS_LIST, request, call);
}

/** How a person signs in. */
export function readIdentity(check: Check, identity: issuer.Identity | undefined): Identity {
  return check.message("identity", identity, (given) => ({
    issuer: readIssuer(check, given.issuer),
    subject: check.matching(
      "identity.subject",
      given.subject,
      SUBJECT,
      "must be 1 to 255 printable ASCII characters",
    ),
  }));
}

function readIssuer(check: Check, text: string): string {
  if (!isProviderUrl(text)) {
    check.violation(
      "identity.issuer",
      "must be an https URL without query and fragment, at most 200 characters",
    );
  }
  return text;
}
