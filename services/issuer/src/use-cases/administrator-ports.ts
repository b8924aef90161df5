import type { Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import type { Administrator, DeploymentRole, RoleGrant } from "../domain/administrator.ts";
import type { AdministratorField } from "../domain/administrator-list.ts";
import type { KnownBootstrapToken } from "../domain/bootstrap.ts";

/** What is read of the vendor's administrators, and what is remembered of bootstrap tokens. */
export interface AdministratorReads {
  /** Those that have a role. */
  listAdministrators(query: ListQuery<AdministratorField>): Promise<Page<Administrator>>;
  /** 0, 1, or 2 for more. */
  countOwners(): Promise<number>;
  /** Remembers a bootstrap token, and that time has come to `now` at least. */
  seeBootstrapToken(sha256: Uint8Array, now: number): Promise<KnownBootstrapToken>;
}

/** What a mutation may do to the vendor's administrators. */
export interface AdministratorWrites extends AdministratorReads {
  /** Keeps everybody else from changing administrators until the transaction ends. Comes first. */
  lockAdministrators(): Promise<void>;
  /** An account as an administrator, with a role or without. */
  findAdministrator(account: Uuid): Promise<Administrator | undefined>;
  /** Gives an account a role; one that has it keeps it as it was granted. */
  grantRole(account: Uuid, grant: RoleGrant): Promise<void>;
  /** Takes a role, which is not the last owner's. @returns whether the account had it */
  revokeRole(account: Uuid, role: DeploymentRole): Promise<boolean>;
}

/** The bootstrap token that this issuer was started with. */
export interface BootstrapToken {
  readonly sha256: Uint8Array;
  /** Milliseconds since 1970; never goes back while the issuer runs, nor over a restart. */
  readonly now: () => number;
}
