import { issuer } from "@leasehold/contracts";
import type { Customer } from "../domain/customer.ts";
import { customerName } from "../domain/resource-names.ts";

const STATE = {
  ACTIVE: issuer.CustomerState.ACTIVE,
  CLOSED: issuer.CustomerState.CLOSED,
} as const satisfies Record<Customer["state"], issuer.CustomerState>;

/** A customer as the contract has it. */
export function presentCustomer(customer: Customer): issuer.Customer {
  return {
    name: customerName(customer.id),
    displayName: customer.displayName,
    referenceId: customer.referenceId,
    createTime: new Date(customer.createTime),
    state: STATE[customer.state],
    contacts: customer.contacts.map((contact) => ({ ...contact })),
    limits: { resources: customer.limits.resources },
    revision: customer.revision,
    updateTime: new Date(customer.updateTime),
  };
}
