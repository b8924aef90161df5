import type { LocalCommand } from "../local-command.ts";

export const UNLOCK: LocalCommand = {
  verb: "unlock",
  kind: "local",
  summary: "Unlocks a license on this machine by name, organization and product key",
  example:
    '--product atlas --name "Ada Lovelace" --organization "Acme GmbH" --key-file key.txt --directory /var/lib/atlas',
  flags: [
    { spelling: "--product <product>", help: "what to unlock", required: true },
    { spelling: "--name <text>", help: "as the license is made out", required: true },
    { spelling: "--organization <text>", help: "as the license is made out", required: true },
    {
      spelling: "--key-file <file>",
      help: "the product key's file; - for standard input",
      required: true,
    },
    {
      spelling: "--directory <folder>",
      help: "where the installation is kept; nobody else should read it",
      required: true,
    },
  ],
  calls: ["ActivationService.unlock"],
  load: async () => (await import("../local/unlock.ts")).unlockMachine,
};
