import type { CommandGroup } from "../command-group.ts";

const NAME = { name: "key", path: "name" };
const LICENSE =
  "customers/01890a5d-ac96-774b-bcce-b302099a8057/licenses/01890a5d-ac96-774b-bcce-b302099a8058";
const SOME = `${LICENSE}/productKeys/01890a5d-ac96-774b-bcce-b302099a8059`;

export const KEY: CommandGroup = {
  name: "key",
  summary: "product keys, which unlock licenses",
  commands: [
    {
      verb: "create",
      kind: "change",
      method: "IssuerService.createProductKey",
      summary: "Makes a product key of a license; it is printed this once",
      example: LICENSE,
      argument: { name: "license", path: "parent" },
      why: true,
    },
    {
      verb: "generate",
      kind: "stream",
      method: "ProductKeyService.generateProductKeys",
      summary: "Makes many product keys of a license; they are told this once",
      example: `${LICENSE} --count 500 --csv keys.csv --why "order 4711"`,
      argument: { name: "license", path: "parent" },
      flags: [
        {
          spelling: "--count <number>",
          path: "count",
          required: true,
          help: "how many, up to 10000",
        },
      ],
      why: true,
      delivery: { kind: "keys" },
    },
    {
      verb: "reissue",
      kind: "destroy",
      method: "ProductKeyService.reissueProductKey",
      summary: "Revokes a product key and makes another in its place, which is printed this once",
      example: `${SOME} --why "sent to the wrong address"`,
      argument: NAME,
      why: true,
    },
    {
      verb: "revoke",
      kind: "destroy",
      method: "ProductKeyService.revokeProductKey",
      summary: "Revokes a product key: nothing is unlocked with it any more",
      example: `${SOME} --why "published"`,
      argument: NAME,
      show: "productKey",
      why: true,
    },
    {
      verb: "reveal",
      kind: "change",
      method: "ProductKeyService.revealProductKey",
      summary: "Tells a product key again, if it is kept; the audit log has it",
      example: `${SOME} --why "customer lost the mail"`,
      argument: NAME,
      why: true,
    },
    {
      verb: "list",
      kind: "list",
      method: "ProductKeyService.listProductKeys",
      summary: "Lists the product keys of a license",
      example: LICENSE,
      argument: { name: "license", path: "parent" },
      show: "productKeys",
      columns: ["name", "hint", "state", "generation", "createTime"],
    },
    {
      verb: "generations",
      kind: "read",
      method: "ProductKeyService.listKeyGenerations",
      summary: "Lists the generations of product keys",
      example: "",
      show: "keyGenerations",
      columns: ["name", "shape", "status", "advice"],
    },
    {
      verb: "retire-generation",
      kind: "destroy",
      method: "ProductKeyService.retireKeyGeneration",
      summary:
        "Retires a generation: none of its keys unlocks anything, and holders are told what to do",
      example: 'keyGenerations/lh1 --advice "Ask sales for a new key."',
      argument: { name: "generation", path: "name" },
      flags: [
        {
          spelling: "--advice <text>",
          path: "advice",
          required: true,
          help: "what holders are told",
        },
      ],
      show: "keyGeneration",
      why: true,
    },
  ],
};
