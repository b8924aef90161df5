import type { Problem, Uuid } from "@leasehold/kernel";
import type { CustomerRole } from "./account.ts";
import { accountNotFound, administratorsOnly } from "./account-problems.ts";
import type { Person } from "./person.ts";

/** Who calls, as far as it decides what of customers they see and change. */
export type Caller =
  /** The licensing desk and services: what they may is in the rules of the methods. */
  | { readonly kind: "vendor" }
  | {
      readonly kind: "account";
      readonly account: Uuid;
      /** At the customers that it acts for. */
      readonly roles: ReadonlyMap<Uuid, CustomerRole>;
      /** `undefined` if it is not known how its person signed in. */
      readonly person: Person | undefined;
    }
  /** Signed in, without an account. */
  | { readonly kind: "person"; readonly person: Person };

/**
 * Lets those on who may see what is a customer's.
 * @param absent what everybody else is told: the same as if there were nothing
 */
export function mayRead(caller: Caller, customer: Uuid, absent: () => Problem): void {
  if (caller.kind !== "vendor" && roleAt(caller, customer) === undefined) throw absent();
}

/**
 * Lets those on who may change what is a customer's, or see who its people are.
 * @param absent what whoever does not act for the customer is told
 * @throws Problem `PERMISSION_DENIED` to whoever acts for it in another role
 */
export function mayAdminister(caller: Caller, customer: Uuid, absent: () => Problem): void {
  mayRead(caller, customer, absent);
  if (caller.kind !== "vendor" && roleAt(caller, customer) !== "ADMINISTRATOR")
    throw administratorsOnly();
}

/** Lets an account on for itself, and the vendor for anybody. @throws Problem `NOT_FOUND` */
export function mayActFor(caller: Caller, account: Uuid): void {
  if (caller.kind !== "vendor" && !isSelf(caller, account)) throw accountNotFound();
}

/** Whether an account is the caller's own. */
export function isSelf(caller: Caller, account: Uuid): boolean {
  return caller.kind === "account" && caller.account === account;
}

function roleAt(caller: Exclude<Caller, { kind: "vendor" }>, customer: Uuid) {
  return caller.kind === "account" ? caller.roles.get(customer) : undefined;
}
