import { newUuid } from "@leasehold/kernel";
import type { Account } from "../domain/account.ts";
import { accountName } from "../domain/account-names.ts";
import { accountNotFound, identityTaken } from "../domain/account-problems.ts";
import type { Caller } from "../domain/caller.ts";
import { referenceIdTaken } from "../domain/catalogue-problems.ts";
import type { Customer } from "../domain/customer.ts";
import type { Person } from "../domain/person.ts";
import { newReferenceId } from "../domain/reference-id.ts";
import { mayCreateCustomer } from "../domain/registration.ts";
import {
  customerLimitReached,
  emailNotVerified,
  registrationClosed,
} from "../domain/registration-problems.ts";
import { customerName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { existingAccount } from "./get-account.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerWrites } from "./ports.ts";
import type { RegistrationPorts } from "./registration-ports.ts";

/** What a person registers. */
export interface Register {
  /** What the new account is called; whoever has one keeps its name. */
  readonly displayName: string;
  /** Where the person is reached, as their provider has it; `undefined` if it does not tell. */
  readonly email: string | undefined;
  /** What the new customer is called; `undefined` if none is wanted. */
  readonly customerDisplayName: string | undefined;
}

/** The account, and the customer if one was created. */
export interface Registered {
  readonly account: Account;
  readonly customer?: Customer;
}

type Ports = Pick<RegistrationPorts, "store" | "report" | "clock" | "random" | "selfRegistration">;

/**
 * Gives a person an account if they have none, and, if wanted, a customer that they are
 * administrator of: both or neither.
 * @throws Problem `EMAIL_NOT_VERIFIED`, `PERMISSION_DENIED` where people create no customers,
 *   `LIMIT_REACHED`, `ALREADY_EXISTS` if the person registers twice at a time
 */
export function register(ports: Ports, mutation: Mutation, wanted: Register): Promise<Registered> {
  const { customerDisplayName } = wanted;
  return carryOut(ports, mutation, async (writes): Promise<Deed> => {
    if (customerDisplayName !== undefined && !ports.selfRegistration) throw registrationClosed();
    const account = await ownAccount(ports, mutation.caller, wanted, writes);
    if (customerDisplayName === undefined)
      return { result: { account }, resource: accountName(account.id) };
    if (!mayCreateCustomer(account)) throw customerLimitReached();
    const customer = await createOwnCustomer(ports, mutation, customerDisplayName, writes);
    const { id: customerId, createTime } = customer;
    await writes.setMembership(account.id, { customerId, role: "ADMINISTRATOR", createTime });
    const result = { account: await existingAccount(writes, account.id), customer };
    return { result, resource: customerName(customerId) };
  });
}

interface Deed {
  readonly result: Registered;
  readonly resource: string;
}

/** The account of whoever calls, locked; a new one if there is none. */
async function ownAccount(
  ports: Ports,
  caller: Caller,
  wanted: Register,
  writes: IssuerWrites,
): Promise<Account> {
  if (caller.kind === "person") return createOwnAccount(ports, caller.person, wanted, writes);
  const account = caller.kind === "account" ? await writes.lockAccount(caller.account) : undefined;
  if (!account) throw accountNotFound();
  return account;
}

async function createOwnAccount(
  { clock, random }: Ports,
  person: Person,
  { displayName, email }: Register,
  writes: IssuerWrites,
): Promise<Account> {
  if (!person.emailVerified || email === undefined) throw emailNotVerified();
  const identity = { issuer: person.issuer, subject: person.subject };
  const createTime = clock.now();
  const account: Account = {
    id: newUuid(clock, random),
    displayName,
    email,
    identities: [identity],
    memberships: [],
    deploymentRoles: [],
    createTime,
  };
  await writes.insertAccount(account);
  if (!(await writes.linkIdentity(account.id, identity, createTime))) throw identityTaken();
  return account;
}

async function createOwnCustomer(
  { clock, random }: Ports,
  { subject, why }: Mutation,
  displayName: string,
  writes: IssuerWrites,
): Promise<Customer> {
  const now = clock.now();
  const customer: Customer = {
    id: newUuid(clock, random),
    displayName,
    referenceId: newReferenceId(random),
    contacts: [],
    limits: {},
    state: "ACTIVE",
    revision: 1n,
    createTime: now,
    updateTime: now,
  };
  const created = await writes.insertCustomer(customer, { subject, why, action: "CREATE" });
  // Of 2^50, somebody else drew the same: the person tries again.
  if (!created) throw referenceIdTaken();
  return customer;
}
