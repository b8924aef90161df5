import type { Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import type { Customer, CustomerAction } from "../domain/customer.ts";
import type { CustomerField } from "../domain/customer-list.ts";
import type { Mutation } from "./mutation.ts";

/** How a revision of a customer came about, for its history. */
export interface CustomerOrigin extends Pick<Mutation, "subject" | "why"> {
  readonly action: CustomerAction;
}

/** What is read of customers. */
export interface CustomerReads {
  findCustomer(id: Uuid): Promise<Customer | undefined>;
  listCustomers(query: ListQuery<CustomerField>): Promise<Page<Customer>>;
}

/** What a mutation may do to customers. */
export interface CustomerWrites extends CustomerReads {
  /**
   * The customer as it is, not to be changed or closed by others until the transaction ends.
   * Others may hold it too. Whoever gives a customer anything holds it first.
   */
  holdCustomer(id: Uuid): Promise<Customer | undefined>;
  /** Likewise the customer of a reference id. */
  holdCustomerByReference(referenceId: string): Promise<Customer | undefined>;
  /** The customer as it is, not to be changed or held by others until the transaction ends. */
  lockCustomer(id: Uuid): Promise<Customer | undefined>;
  /** Whether a customer has a license that at `now` is neither revoked nor over. */
  hasLicenseInForce(id: Uuid, now: number): Promise<boolean>;
  /**
   * Writes a customer's first revision, with its history.
   * @returns whether it was inserted; not if its reference id is taken
   */
  insertCustomer(customer: Customer, origin: CustomerOrigin): Promise<boolean>;
  /**
   * Writes the next revision of a locked customer, likewise.
   * @returns whether it was; if its reference id is taken, nothing more can be done in this transaction
   */
  updateCustomer(customer: Customer, origin: CustomerOrigin): Promise<boolean>;
  /** Tells those who watch licenses of the customer anew. Last in its transaction. */
  tellCustomer(id: Uuid): Promise<void>;
}
