import type { Flag } from "../command.ts";
import type { CommandGroup } from "../command-group.ts";
import { feature, nameIn } from "../flag-values.ts";

const NAME = { name: "product", path: "name", read: nameIn("products") };

const FLAGS: readonly Flag[] = [
  {
    spelling: "--display-name <text>",
    path: "product.displayName",
    help: "what the product is called",
  },
  {
    spelling: "--feature <code[=name]>",
    path: "product.features",
    repeated: true,
    read: feature("SWITCH"),
    help: "a feature that is on or off (repeatable)",
  },
  {
    spelling: "--counted-feature <code[=name]>",
    path: "product.features",
    repeated: true,
    read: feature("COUNTED"),
    help: "a feature that licenses limit to a number (repeatable)",
  },
  {
    spelling: "--sales-contact <text>",
    path: "product.salesContact",
    help: "whom to ask to buy more",
  },
  { spelling: "--help-contact <text>", path: "product.helpContact", help: "whom to ask for help" },
  {
    spelling: "--oldest-version <version>",
    path: "product.versionPolicy.supported.oldest",
    help: "the oldest version that is supported",
  },
  {
    spelling: "--newest-version <version>",
    path: "product.versionPolicy.supported.newest",
    help: "the newest version that is supported",
  },
  {
    spelling: "--version-tolerance <tolerance>",
    path: "product.versionPolicy.tolerance",
    help: "ANY, SAME_MAJOR or SAME_MINOR",
  },
];

export const PRODUCT: CommandGroup = {
  name: "product",
  summary: "what is licensed",
  commands: [
    {
      verb: "create",
      kind: "change",
      method: "IssuerService.createProduct",
      summary: "Adds a product to the catalogue",
      example:
        'atlas --display-name "Atlas" --feature "dataflow=Data flow" --counted-feature diagrams=Diagrams --sales-contact sales@example.com',
      argument: { name: "id", path: "productId" },
      flags: FLAGS,
      show: "product",
    },
    {
      verb: "get",
      kind: "read",
      method: "IssuerService.getProduct",
      summary: "Shows a product",
      example: "atlas",
      argument: NAME,
      show: "product",
    },
    {
      verb: "update",
      kind: "change",
      method: "CatalogueService.updateProduct",
      summary: "Changes a product; what is given replaces what was",
      example: 'atlas --help-contact help@example.com --why "new help desk"',
      argument: NAME,
      flags: FLAGS,
      mask: { of: "product", into: "updateMask" },
      show: "product",
      why: true,
      revision: true,
    },
    {
      verb: "list",
      kind: "list",
      method: "CatalogueService.listProducts",
      summary: "Lists products",
      example: "--filter 'display_name : \"atlas\"'",
      show: "products",
      columns: ["name", "displayName", "salesContact", "revision", "createTime"],
    },
  ],
};
