import type { Flag } from "../command.ts";
import type { CommandGroup } from "../command-group.ts";
import { nameIn, pairs } from "../flag-values.ts";

const NAME = { name: "customer", path: "name", read: nameIn("customers") };

const FLAGS: readonly Flag[] = [
  {
    spelling: "--display-name <text>",
    path: "customer.displayName",
    help: "what the customer is called",
  },
  {
    spelling: "--reference-id <id>",
    path: "customer.referenceId",
    help: "what a colleague quotes to join it",
  },
  {
    spelling: "--contact <displayName=…,email=…,phone=…,role=…>",
    path: "customer.contacts",
    repeated: true,
    read: pairs(["displayName", "email", "phone", "role"]),
    help: "whom to speak to (repeatable)",
  },
  {
    spelling: "--resources <number>",
    path: "customer.limits.resources",
    help: "how many resources it may bind",
  },
];

export const CUSTOMER: CommandGroup = {
  name: "customer",
  summary: "organizations that buy licenses",
  commands: [
    {
      verb: "create",
      kind: "change",
      method: "IssuerService.createCustomer",
      summary: "Creates a customer",
      example:
        '--display-name "Acme GmbH" --reference-id ACME --contact "displayName=Ada Lovelace,email=ada@example.com"',
      flags: FLAGS,
      show: "customer",
    },
    {
      verb: "get",
      kind: "read",
      method: "IssuerService.getCustomer",
      summary: "Shows a customer",
      example: "customers/01890a5d-ac96-774b-bcce-b302099a8057",
      argument: NAME,
      show: "customer",
    },
    {
      verb: "update",
      kind: "change",
      method: "CustomerService.updateCustomer",
      summary: "Changes a customer; what is given replaces what was",
      example: 'customers/01890a5d-ac96-774b-bcce-b302099a8057 --display-name "Acme SE"',
      argument: NAME,
      flags: FLAGS,
      mask: { of: "customer", into: "updateMask" },
      show: "customer",
      why: true,
      revision: true,
    },
    {
      verb: "close",
      kind: "destroy",
      method: "CustomerService.closeCustomer",
      summary: "Closes a customer: nothing is issued to it any more, and its history stays",
      example: 'customers/01890a5d-ac96-774b-bcce-b302099a8057 --why "merged into Acme SE"',
      argument: NAME,
      show: "customer",
      why: true,
      revision: true,
    },
    {
      verb: "list",
      kind: "list",
      method: "CustomerService.listCustomers",
      summary: "Lists customers",
      example: "--filter 'state = ACTIVE' --order-by display_name",
      show: "customers",
      columns: ["name", "displayName", "referenceId", "state", "createTime"],
    },
  ],
};
