import type { Flag } from "../command.ts";
import type { CommandGroup } from "../command-group.ts";
import { nameIn } from "../flag-values.ts";

const NAME = { name: "resource", path: "name" };
const CUSTOMER: Flag = {
  spelling: "--customer <customer>",
  path: "parent",
  read: nameIn("customers"),
  required: true,
  help: "whose it is",
};
const LICENSE: Flag = {
  spelling: "--license <license>",
  path: "license",
  required: true,
  help: "a license of the same customer, of the model RESOURCE",
};

const ACME = "customers/01890a5d-ac96-774b-bcce-b302099a8057";
const SOME = `${ACME}/resources/01890a5d-ac96-774b-bcce-b302099a8058`;
const SOME_LICENSE = `${ACME}/licenses/01890a5d-ac96-774b-bcce-b302099a8059`;

export const RESOURCE: CommandGroup = {
  name: "resource",
  summary: "things of customers that are licensed by themselves, for example databases",
  commands: [
    {
      verb: "register",
      kind: "change",
      method: "ResourceService.registerResource",
      summary: "Registers a resource, bound to no license",
      example: `--customer ${ACME} --external-id 7d1f9a52 --display-name "Plant model"`,
      flags: [
        CUSTOMER,
        {
          spelling: "--external-id <id>",
          path: "resource.externalId",
          required: true,
          help: "what it calls itself, for example a database's own UUID",
        },
        {
          spelling: "--display-name <text>",
          path: "resource.displayName",
          required: true,
          help: "what people call it",
        },
        { spelling: "--kind <kind>", path: "resource.kind", help: "database unless said" },
      ],
      show: "resource",
    },
    {
      verb: "import",
      kind: "local",
      summary: "Registers every resource of a CSV, JSON or YAML file that is not there yet",
      example: `databases.csv --customer ${ACME}`,
      argument: { name: "file" },
      flags: [{ spelling: "--customer <customer>", required: true, help: "whose they are" }],
      calls: ["ResourceService.importResources"],
      load: async () => (await import("../local/import-resources.ts")).importResources,
    },
    {
      verb: "get",
      kind: "read",
      method: "ResourceService.getResource",
      summary: "Shows a resource",
      example: SOME,
      argument: NAME,
      show: "resource",
    },
    {
      verb: "list",
      kind: "list",
      method: "ResourceService.listResources",
      summary: "Lists the resources of a customer",
      example: `--customer ${ACME} --licensed-only`,
      flags: [
        CUSTOMER,
        {
          spelling: "--licensed-only",
          path: "licensedOnly",
          help: "those that are bound to a license that may be used",
        },
      ],
      show: "resources",
      columns: ["name", "displayName", "externalId", "kind", "license"],
    },
    {
      verb: "rename",
      kind: "change",
      method: "ResourceService.renameResource",
      summary: "Changes what people call a resource",
      example: `${SOME} --display-name "Plant model, east"`,
      argument: NAME,
      flags: [
        {
          spelling: "--display-name <text>",
          path: "displayName",
          required: true,
          help: "what people call it",
        },
      ],
      show: "resource",
    },
    {
      verb: "bind",
      kind: "change",
      method: "ResourceService.bindResource",
      summary: "Binds a resource to a license, which gives it seats of its own",
      example: `${SOME} --license ${SOME_LICENSE}`,
      argument: NAME,
      flags: [LICENSE],
      show: "resource",
    },
    {
      verb: "unbind",
      kind: "destroy",
      method: "ResourceService.unbindResource",
      summary: "Unbinds a resource: those who hold its seats lose them",
      example: SOME,
      argument: NAME,
      show: "resource",
    },
    {
      verb: "move",
      kind: "destroy",
      method: "ResourceService.moveResource",
      summary: "Binds a resource to another license: those who hold its seats lose them",
      example: `${SOME} --license ${SOME_LICENSE}`,
      argument: NAME,
      flags: [LICENSE],
      show: "resource",
    },
    {
      verb: "remove",
      kind: "destroy",
      method: "ResourceService.removeResource",
      summary: "Removes a resource that is bound to no license",
      example: SOME,
      argument: NAME,
      show: "resource",
    },
    {
      verb: "counts",
      kind: "read",
      method: "CountService.listCounts",
      summary: "Shows how many of its features' things a resource has, and may have",
      example: SOME,
      argument: { name: "resource", path: "parent" },
      show: "counts",
      columns: ["feature", "count", "limit", "remaining", "updateTime"],
    },
  ],
};
