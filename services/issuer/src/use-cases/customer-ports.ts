import type { Uuid } from "@leasehold/kernel";
import type { Customer } from "../domain/customer.ts";

/** What is read of customers. */
export interface CustomerReads {
  findCustomer(id: Uuid): Promise<Customer | undefined>;
}

/** What a mutation may do to customers. */
export interface CustomerWrites extends CustomerReads {
  /** @returns whether it was inserted; not if its reference id is taken. */
  insertCustomer(customer: Customer): Promise<boolean>;
}
