import { newUuid } from "@leasehold/kernel";
import { referenceIdTaken } from "../domain/catalogue-problems.ts";
import type { Customer, CustomerFacts } from "../domain/customer.ts";
import { customerName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/**
 * Creates a customer: revision 1, active.
 * @throws Problem `ALREADY_EXISTS` if the reference id is taken, be it by a closed customer
 */
export function createCustomer(
  ports: IssuerPorts,
  mutation: Mutation,
  facts: CustomerFacts,
): Promise<Customer> {
  const { clock, random } = ports;
  return carryOut(ports, mutation, async (writes) => {
    const now = clock.now();
    const customer: Customer = {
      ...facts,
      id: newUuid(clock, random),
      state: "ACTIVE",
      revision: 1n,
      createTime: now,
      updateTime: now,
    };
    const origin = { subject: mutation.subject, why: mutation.why, action: "CREATE" } as const;
    if (!(await writes.insertCustomer(customer, origin))) throw referenceIdTaken();
    return { result: customer, resource: customerName(customer.id) };
  });
}
