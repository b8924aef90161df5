import type { Uuid } from "@leasehold/kernel";

/** Whether a customer may be sold to. */
export type CustomerState = "ACTIVE" | "CLOSED";

/** A person or a desk at a customer's. */
export interface Contact {
  readonly displayName: string;
  readonly email: string;
  /** May be empty, as may `role`. */
  readonly phone: string;
  readonly role: string;
}

/** How much a customer may have. */
export interface CustomerLimits {
  /** How many resources it may bind, over all its licenses; absent for any number. */
  readonly resources?: number;
}

/** What is told of a customer; anything of it may change until the customer is closed. */
export interface CustomerFacts {
  readonly displayName: string;
  /** What a colleague quotes to join this customer; unique, also among the closed ones. */
  readonly referenceId: string;
  readonly contacts: readonly Contact[];
  readonly limits: CustomerLimits;
}

/** An organization that buys licenses. Times are milliseconds since 1970. */
export interface Customer extends CustomerFacts {
  readonly id: Uuid;
  readonly state: CustomerState;
  /** 1 at first; one more with every change. */
  readonly revision: bigint;
  readonly createTime: number;
  /** When this revision was made. */
  readonly updateTime: number;
}

/** What may be done to a customer that exists. */
export type CustomerChange =
  | { readonly kind: "update"; readonly facts: Partial<CustomerFacts> }
  | { readonly kind: "close" };

/** What the history calls the making of a revision. */
export type CustomerAction = "CREATE" | "UPDATE" | "CLOSE";

/** What came of a change. */
export type CustomerOutcome =
  | { readonly kind: "changed"; readonly customer: Customer; readonly action: CustomerAction }
  | { readonly kind: "closed" };

/** The next revision of a customer, made at `now`; whether it has licenses is not checked. */
export function changeCustomer(
  customer: Customer,
  change: CustomerChange,
  now: number,
): CustomerOutcome {
  if (customer.state === "CLOSED") return { kind: "closed" };
  const next = { ...customer, revision: customer.revision + 1n, updateTime: now };
  return change.kind === "close"
    ? { kind: "changed", action: "CLOSE", customer: { ...next, state: "CLOSED" } }
    : { kind: "changed", action: "UPDATE", customer: { ...next, ...change.facts } };
}
