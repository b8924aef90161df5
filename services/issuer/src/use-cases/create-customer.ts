import { newUuid } from "@leasehold/kernel";
import { referenceIdTaken } from "../domain/catalogue-problems.ts";
import type { Customer } from "../domain/customer.ts";
import { customerName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** The customer to create. */
export type CreateCustomer = Pick<Customer, "displayName" | "referenceId">;

/**
 * Creates a customer.
 * @throws Problem `ALREADY_EXISTS` if the reference id is taken
 */
export function createCustomer(
  ports: IssuerPorts,
  mutation: Mutation,
  command: CreateCustomer,
): Promise<Customer> {
  const { clock, random } = ports;
  return carryOut(ports, mutation, async (writes) => {
    const customer: Customer = { ...command, id: newUuid(clock, random), createTime: clock.now() };
    if (!(await writes.insertCustomer(customer))) throw referenceIdTaken();
    return { result: customer, resource: customerName(customer.id) };
  });
}
