import type { Flag } from "../command.ts";
import type { CommandGroup } from "../command-group.ts";
import { nameIn } from "../flag-values.ts";
import { put, at } from "../json.ts";
import { firstTermsFlags, termsFlags } from "./terms-flags.ts";

const NAME = { name: "edition", path: "name" };

const FLAGS: readonly Flag[] = [
  {
    spelling: "--display-name <text>",
    path: "edition.displayName",
    help: "what the edition is called",
  },
  {
    spelling: "--term-days <days>",
    path: "edition.termDays",
    help: "how long its licenses are valid",
  },
  {
    spelling: "--maintenance-days <days>",
    path: "edition.maintenanceDays",
    help: "for how long new versions are included; 0 for the whole term",
  },
  ...termsFlags("edition.terms"),
  ...firstTermsFlags("edition.terms"),
];

const PARENT: Flag = {
  spelling: "--product <product>",
  path: "parent",
  read: nameIn("products"),
  required: true,
  help: "the product it is of",
};

export const EDITION: CommandGroup = {
  name: "edition",
  summary: "templates that licenses are issued by",
  commands: [
    {
      verb: "create",
      kind: "change",
      method: "CatalogueService.createEdition",
      summary: "Adds an edition to a product",
      example:
        'team --product atlas --display-name "Atlas Team" --term-days 365 --seats 5 --feature dataflow',
      argument: { name: "id", path: "editionId" },
      flags: [PARENT, ...FLAGS],
      complete: (request) =>
        at(request, "edition.terms.model") === undefined
          ? put(request, "edition.terms.model", "FLOATING")
          : request,
      show: "edition",
    },
    {
      verb: "get",
      kind: "read",
      method: "CatalogueService.getEdition",
      summary: "Shows an edition",
      example: "products/atlas/editions/team",
      argument: NAME,
      show: "edition",
    },
    {
      verb: "update",
      kind: "change",
      method: "CatalogueService.updateEdition",
      summary: "Changes an edition, and no license; terms are replaced as a whole",
      example: 'products/atlas/editions/team --retired --why "replaced by Atlas Studio"',
      argument: NAME,
      flags: [
        ...FLAGS,
        {
          spelling: "--retired",
          path: "edition.retired",
          help: "issue no more licenses by it (--clear retired: do again)",
        },
      ],
      mask: { of: "edition", into: "updateMask" },
      show: "edition",
      why: true,
      revision: true,
    },
    {
      verb: "list",
      kind: "list",
      method: "CatalogueService.listEditions",
      summary: "Lists the editions of a product",
      example: "--product atlas",
      flags: [PARENT],
      show: "editions",
      columns: ["name", "displayName", "terms.seats", "termDays", "retired", "revision"],
    },
  ],
};
