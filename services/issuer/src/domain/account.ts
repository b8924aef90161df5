import type { Uuid } from "@leasehold/kernel";
import type { DeploymentRole } from "./administrator.ts";

/** How many identities an account may have; the slots of the schema are as many. */
export const IDENTITIES_MAX = 10;

/** A person as one provider of OpenID Connect knows them. Compared as it stands, letter by letter. */
export interface Identity {
  /** The `iss` of the provider's tokens. */
  readonly issuer: string;
  /** The `sub` of its tokens. */
  readonly subject: string;
}

/** What a person may do for a customer. */
export type CustomerRole = "ADMINISTRATOR" | "USER";

/** That a person acts for a customer. */
export interface Membership {
  readonly customerId: Uuid;
  readonly role: CustomerRole;
  /** Milliseconds since 1970. */
  readonly createTime: number;
}

/** A person who acts for customers. */
export interface Account {
  readonly id: Uuid;
  readonly displayName: string;
  readonly email: string;
  /** 1 to 10, in the order in which they were linked. */
  readonly identities: readonly Identity[];
  readonly memberships: readonly Membership[];
  /** What it may do for the vendor. */
  readonly deploymentRoles: readonly DeploymentRole[];
  /** Milliseconds since 1970. */
  readonly createTime: number;
}

/** Whether an account may have one more identity. */
export function mayLink({ identities }: Pick<Account, "identities">): boolean {
  return identities.length < IDENTITIES_MAX;
}

/** Whether an identity may be taken from an account: not what it has not, and not the last one. */
export function mayUnlink(
  { identities }: Pick<Account, "identities">,
  { issuer, subject }: Identity,
): "unlink" | "not-linked" | "last" {
  const linked = identities.some((other) => other.issuer === issuer && other.subject === subject);
  if (!linked) return "not-linked";
  return identities.length === 1 ? "last" : "unlink";
}
