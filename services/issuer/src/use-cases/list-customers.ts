import type { ListQuery, Page } from "@leasehold/list-query";
import type { Customer } from "../domain/customer.ts";
import type { CustomerField } from "../domain/customer-list.ts";
import type { IssuerPorts } from "./ports.ts";

/** A page of the customers. */
export function listCustomers(
  { store }: Pick<IssuerPorts, "store">,
  query: ListQuery<CustomerField>,
): Promise<Page<Customer>> {
  return store.listCustomers(query);
}
