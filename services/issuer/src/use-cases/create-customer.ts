import { newUuid } from "@leasehold/kernel";
import { referenceIdTaken } from "../domain/catalogue-problems.ts";
import type { Customer } from "../domain/customer.ts";
import { customerName } from "../domain/resource-names.ts";
import type { IssuerPorts, Mutation } from "./ports.ts";

/** The customer to create. */
export type CreateCustomer = Pick<Customer, "displayName" | "referenceId">;

/**
 * Creates a customer.
 * @throws Problem `ALREADY_EXISTS` if the reference id is taken
 */
export async function createCustomer(
  { store, clock, random, report }: IssuerPorts,
  mutation: Mutation,
  command: CreateCustomer,
): Promise<Customer> {
  const { kind, result } = await store.once(mutation, async (writes) => {
    const customer: Customer = { ...command, id: newUuid(clock, random), createTime: clock.now() };
    if (!(await writes.insertCustomer(customer))) throw referenceIdTaken();
    return customer;
  });
  if (kind === "done") {
    report({
      kind: "customer-created",
      subject: mutation.subject,
      customer: customerName(result.id),
    });
  }
  return result;
}
