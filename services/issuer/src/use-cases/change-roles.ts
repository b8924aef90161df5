import type { Uuid } from "@leasehold/kernel";
import type { Identity } from "../domain/account.ts";
import { accountName } from "../domain/account-names.ts";
import { accountNotFound } from "../domain/account-problems.ts";
import { type Administrator, type DeploymentRole, hasRole } from "../domain/administrator.ts";
import { lastOwner, roleNotFound, roleOutOfReach } from "../domain/administrator-problems.ts";
import type { AdministratorWrites } from "./administrator-ports.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts, IssuerWrites } from "./ports.ts";

/** A role of an account, to be given or taken. */
export interface ChangeRole {
  /** By its id, or by how its person signs in. */
  readonly account: Uuid | Identity;
  readonly role: DeploymentRole;
  /** Whether whoever asks for it may do all that the role permits. */
  readonly inReach: boolean;
}

/**
 * Gives an account a role; nothing changes if it has the role.
 * @throws Problem `PERMISSION_DENIED` if the role permits more than the caller may do, `NOT_FOUND`
 *   for the account
 */
export async function grantRole(
  ports: IssuerPorts,
  mutation: Mutation,
  { account: wanted, role, inReach }: ChangeRole,
): Promise<Administrator> {
  if (!inReach) throw roleOutOfReach(role);
  return carryOut(ports, mutation, async (writes) => {
    await writes.lockAdministrators();
    const account = await accountOf(writes, wanted);
    const grantTime = ports.clock.now();
    await administratorOf(writes, account);
    await writes.grantRole(account, { role, grantedBy: mutation.subject, grantTime });
    return { result: await administratorOf(writes, account), resource: accountName(account) };
  });
}

/**
 * Takes a role from an account.
 * @throws Problem `PERMISSION_DENIED` if the role permits more than the caller may do; `NOT_FOUND`
 *   for the account, or if it does not have the role; `LAST_OWNER`
 */
export async function revokeRole(
  ports: IssuerPorts,
  mutation: Mutation,
  { account: wanted, role, inReach }: ChangeRole,
): Promise<Administrator> {
  if (!inReach) throw roleOutOfReach(role);
  return carryOut(ports, mutation, async (writes) => {
    await writes.lockAdministrators();
    const account = await accountOf(writes, wanted);
    if (!hasRole(await administratorOf(writes, account), role)) throw roleNotFound();
    if (role === "OWNER" && (await writes.countOwners()) === 1) throw lastOwner();
    await writes.revokeRole(account, role);
    return { result: await administratorOf(writes, account), resource: accountName(account) };
  });
}

/** @throws Problem `NOT_FOUND` */
async function accountOf(writes: IssuerWrites, wanted: Uuid | Identity): Promise<Uuid> {
  if (typeof wanted === "string") return wanted;
  const found = await writes.findAccountByIdentity(wanted);
  if (!found) throw accountNotFound();
  return found.id;
}

/** @throws Problem `NOT_FOUND` */
async function administratorOf(
  writes: Pick<AdministratorWrites, "findAdministrator">,
  account: Uuid,
): Promise<Administrator> {
  const administrator = await writes.findAdministrator(account);
  if (!administrator) throw accountNotFound();
  return administrator;
}
