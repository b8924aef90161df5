import type { LocalCommand } from "../local-command.ts";

/** Moves an installation to this machine. */
export const TRANSFER_INSTALLATION: LocalCommand = {
  verb: "transfer",
  kind: "local",
  summary: "Moves an installation to this machine; the one where it was is over for good",
  example:
    'installations/01890a5d-ac96-774b-bcce-b302099a8057 --directory /var/lib/atlas --why "new hardware"',
  argument: { name: "installation" },
  flags: [
    {
      spelling: "--directory <folder>",
      help: "where it is kept from now on; nobody else should read it",
      required: true,
    },
    { spelling: "--why <text>", help: "why, for the history" },
    {
      spelling: "--beyond-limit",
      help: "although it may not be moved again; only for the vendor",
    },
    { spelling: "--yes", help: "do it without being asked" },
  ],
  calls: ["InstallationService.transferInstallation"],
  load: async () => (await import("../local/transfer-installation.ts")).transferHere,
};

/** Refreshes the installation of this machine. */
export const REFRESH_INSTALLATION: LocalCommand = {
  verb: "refresh",
  kind: "local",
  summary: "Gets new certificates for the installation of this machine",
  example: "--directory /var/lib/atlas",
  flags: [
    {
      spelling: "--directory <folder>",
      help: "where the installation is kept",
      required: true,
    },
    { spelling: "--application-version <version>", help: "the version of the application" },
  ],
  calls: ["InstallationService.refreshInstallation"],
  load: async () => (await import("../local/refresh-installation.ts")).refreshMachine,
};
