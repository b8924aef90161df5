import { issuer } from "@leasehold/contracts";
import { implement } from "@leasehold/service-kit";
import type { ServiceBinding } from "@leasehold/service-kit";
import { changeExistingCustomer } from "../use-cases/change-customer.ts";
import type { ChangeCustomer } from "../use-cases/change-customer.ts";
import type { Mutation } from "../use-cases/mutation.ts";
import type { IssuerPorts } from "../use-cases/ports.ts";
import { mutating } from "./mutating.ts";
import * as customers from "./parse-customer.ts";
import { presentCustomer } from "./present-customer.ts";

const { methods } = issuer.CustomerServiceDefinition;

/** Who buys: from the wire to the use-cases and back. */
export function customerService(ports: IssuerPorts): ServiceBinding {
  const change = async (mutation: Mutation, command: ChangeCustomer) => ({
    customer: presentCustomer(await changeExistingCustomer(ports, mutation, command)),
  });
  return implement(issuer.CustomerServiceDefinition, {
    updateCustomer: mutating(methods.updateCustomer, customers.readUpdateCustomer, change),
    closeCustomer: mutating(methods.closeCustomer, customers.readCloseCustomer, change),
    listCustomers: () => Promise.reject(new Error("not there yet")),
  });
}
