import type { LocalCommand } from "../local-command.ts";

export const UNLOCK: LocalCommand = {
  verb: "unlock",
  kind: "local",
  summary:
    "Unlocks a license on this machine by name, organization and product key; asks for what is not said",
  example:
    '--product atlas --name "Ada Lovelace" --organization "Acme GmbH" --key-file key.txt --directory /var/lib/atlas',
  flags: [
    { spelling: "--product <product>", help: "what to unlock" },
    { spelling: "--name <text>", help: "as the license is made out" },
    { spelling: "--organization <text>", help: "as the license is made out" },
    {
      spelling: "--key-file <file>",
      help: "the product key's file; - for standard input; else it is asked for",
    },
    {
      spelling: "--directory <folder>",
      help: "where the installation is kept; nobody else should read it",
      required: true,
    },
    {
      spelling: "--application-version <version>",
      help: "of what is to work under the license, for example 4.2",
    },
    {
      spelling: "--released <time>",
      help: "when that version was released, for example 2026-01-31",
    },
    { spelling: "--host <name>", help: "what the machine is called; its host name if not said" },
  ],
  calls: ["ActivationService.createChallenge", "ActivationService.unlock"],
  load: async () => (await import("../local/unlock.ts")).unlockMachine,
};
