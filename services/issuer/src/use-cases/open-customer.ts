import type { Uuid } from "@leasehold/kernel";
import { customerNotFound } from "../domain/catalogue-problems.ts";
import type { Customer } from "../domain/customer.ts";
import { customerClosed } from "../domain/customer-problems.ts";
import type { CustomerWrites } from "./customer-ports.ts";

/**
 * The customer that is to be given something; it stays open until the transaction ends.
 * @throws Problem `NOT_FOUND`, `CUSTOMER_CLOSED`
 */
export async function holdOpenCustomer(
  writes: Pick<CustomerWrites, "holdCustomer">,
  id: Uuid,
): Promise<Customer> {
  const customer = await writes.holdCustomer(id);
  if (!customer) throw customerNotFound();
  if (customer.state === "CLOSED") throw customerClosed();
  return customer;
}
