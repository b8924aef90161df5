import { issuer } from "@leasehold/contracts";
import type { PageTokens } from "@leasehold/list-query";
import { implement, parseRequest } from "@leasehold/service-kit";
import type { ServiceBinding } from "@leasehold/service-kit";
import { changeExistingCustomer } from "../use-cases/change-customer.ts";
import type { ChangeCustomer } from "../use-cases/change-customer.ts";
import { listCustomers } from "../use-cases/list-customers.ts";
import type { Mutation } from "../use-cases/mutation.ts";
import type { IssuerPorts } from "../use-cases/ports.ts";
import { mutating } from "./mutating.ts";
import * as customers from "./parse-customer.ts";
import { presentCustomer } from "./present-customer.ts";

const { methods } = issuer.CustomerServiceDefinition;

/** Everything that the use-cases of the service work with. */
export interface CustomerServicePorts extends IssuerPorts {
  readonly pageTokens: PageTokens;
}

/** Who buys: from the wire to the use-cases and back. */
export function customerService(ports: CustomerServicePorts): ServiceBinding {
  const change = async (mutation: Mutation, command: ChangeCustomer) => ({
    customer: presentCustomer(await changeExistingCustomer(ports, mutation, command)),
  });
  return implement(issuer.CustomerServiceDefinition, {
    updateCustomer: mutating(methods.updateCustomer, customers.readUpdateCustomer, change),
    closeCustomer: mutating(methods.closeCustomer, customers.readCloseCustomer, change),
    listCustomers: async (request) => {
      const { query, nextPageToken } = parseRequest((check) =>
        customers.readListCustomers(check, request, ports.pageTokens),
      );
      const page = await listCustomers(ports, query);
      return { customers: page.items.map(presentCustomer), nextPageToken: nextPageToken(page) };
    },
  });
}
