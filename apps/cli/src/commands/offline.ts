import type { CommandGroup } from "../command-group.ts";

const OUT = {
  spelling: "--out <file>",
  help: "write to a new file; to standard output unless said",
} as const;
const DIRECTORY = {
  spelling: "--directory <folder>",
  help: "where the installation is kept; nobody else should read it",
  required: true,
} as const;

export const OFFLINE: CommandGroup = {
  name: "offline",
  summary: "licenses for machines without a connection, by files that are carried",
  commands: [
    {
      verb: "vendor",
      kind: "local",
      summary: "Writes the vendor file: what a machine must know before it can ask",
      example: "--out example.lven",
      flags: [OUT],
      calls: ["OfflineService.getVendorFile"],
      load: async () => (await import("../local/offline-answer.ts")).writeVendorFile,
    },
    {
      verb: "request",
      kind: "local",
      summary: "Makes a request file on the machine that has no connection",
      example:
        '--vendor example.lven --product atlas --name "Ada Lovelace" --organization "Acme GmbH" --key-file key.txt --directory /var/lib/atlas --out bunker.lreq',
      flags: [
        DIRECTORY,
        { spelling: "--vendor <file>", help: "the vendor file" },
        { spelling: "--product <product>", help: "what to unlock" },
        { spelling: "--name <text>", help: "as the license is made out" },
        { spelling: "--organization <text>", help: "as the license is made out" },
        {
          spelling: "--key-file <file>",
          help: "the product key's file; - for standard input",
        },
        { spelling: "--refresh", help: "ask for the license anew that is unlocked here" },
        { spelling: "--app-version <version>", help: "the version of the application" },
        OUT,
      ],
      calls: [],
      load: async () => (await import("../local/offline-request.ts")).makeRequestFile,
    },
    {
      verb: "answer",
      kind: "local",
      summary: "Has a request file answered, on a machine that has a connection",
      example: "bunker.lreq --out bunker.lres",
      argument: { name: "request-file" },
      flags: [OUT],
      calls: ["OfflineService.answerOfflineRequest"],
      load: async () => (await import("../local/offline-answer.ts")).answerRequestFile,
    },
    {
      verb: "deactivate",
      kind: "local",
      summary:
        "Ends the installation of this machine for good, and writes the proof to have answered; again: the same proof",
      example: "--directory /var/lib/atlas --out over.lreq",
      flags: [DIRECTORY, OUT, { spelling: "--yes", help: "do it without being asked" }],
      calls: [],
      load: async () => (await import("../local/offline-deactivate.ts")).giveBack,
    },
    {
      verb: "accept",
      kind: "local",
      summary: "Takes a response or revocation file in, on the machine that it was carried to",
      example: "bunker.lres --directory /var/lib/atlas",
      argument: { name: "file" },
      flags: [DIRECTORY],
      calls: [],
      load: async () => (await import("../local/offline-accept.ts")).acceptFile,
    },
    {
      verb: "show",
      kind: "local",
      summary: "Shows what is in a file, and whether it verifies",
      example: "bunker.lres --vendor example.lven",
      argument: { name: "file" },
      flags: [{ spelling: "--vendor <file>", help: "the vendor file, whose root key is trusted" }],
      calls: [],
      load: async () => (await import("../local/offline-show.ts")).showFile,
    },
    {
      verb: "revocations",
      kind: "local",
      summary: "Writes the revocation list to a file, for machines without a connection",
      example: "--out example.lrev",
      flags: [OUT],
      calls: ["SigningService.getRevocationList", "IssuerService.getTrustBundle"],
      load: async () => (await import("../local/offline-revocations.ts")).writeRevocationFile,
    },
  ],
};
