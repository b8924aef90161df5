import type { CommandGroup } from "../command-group.ts";

export const FINGERPRINT: CommandGroup = {
  name: "fingerprint",
  summary: "what a machine is told by",
  commands: [
    {
      verb: "show",
      kind: "local",
      summary:
        "Shows what unlocking here sends of this machine, and what that is made of; sends nothing",
      example: "--directory /var/lib/atlas",
      flags: [
        {
          spelling: "--directory <folder>",
          help: "where the installation is kept; without it, the salt is made up for this once",
        },
      ],
      calls: [],
      load: async () => (await import("../local/fingerprint.ts")).showFingerprint,
    },
  ],
};
