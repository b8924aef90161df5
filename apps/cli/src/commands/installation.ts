import type { CommandGroup } from "../command-group.ts";
import { nameIn } from "../flag-values.ts";
import { REFRESH_INSTALLATION, TRANSFER_INSTALLATION } from "./installation-local.ts";

const NAME = { name: "installation", path: "name", read: nameIn("installations") };
const SOME = "installations/01890a5d-ac96-774b-bcce-b302099a8057";
const SOME_CUSTOMER = "customers/01890a5d-ac96-774b-bcce-b302099a8058";

export const INSTALLATION: CommandGroup = {
  name: "installation",
  summary: "the machines that a license was unlocked on",
  commands: [
    {
      verb: "get",
      kind: "read",
      method: "ActivationService.getInstallation",
      summary: "Shows an installation",
      example: SOME,
      argument: NAME,
      show: "installation",
    },
    {
      verb: "list",
      kind: "list",
      method: "InstallationService.listInstallations",
      summary: "Lists the installations of a license; of a customer with - in place of the license",
      example: `${SOME_CUSTOMER}/licenses/- --filter 'has_conflict = true'`,
      argument: { name: "license", path: "parent" },
      show: "installations",
      columns: [
        "name",
        "displayName",
        "host",
        "state",
        "lastSeenTime",
        "applicationVersion",
        "conflict.kind",
      ],
    },
    {
      verb: "rename",
      kind: "change",
      method: "InstallationService.renameInstallation",
      summary: "Says what people call an installation",
      example: `${SOME} --to "The mill"`,
      argument: NAME,
      flags: [
        {
          spelling: "--to <text>",
          path: "displayName",
          required: true,
          help: "what to call it; empty for nothing",
        },
      ],
      show: "installation",
    },
    {
      verb: "disable",
      kind: "destroy",
      method: "InstallationService.disableInstallation",
      summary:
        "Disables an installation: its seats are lost, until it is enabled by whoever disabled it",
      example: `${SOME} --why "laptop lost"`,
      argument: NAME,
      show: "installation",
      why: true,
    },
    {
      verb: "enable",
      kind: "change",
      method: "InstallationService.enableInstallation",
      summary: "Enables a disabled installation, and forgives a conflict",
      example: `${SOME} --why "restored from a backup"`,
      argument: NAME,
      show: "installation",
      why: true,
    },
    {
      verb: "deactivate",
      kind: "destroy",
      method: "InstallationService.deactivateInstallation",
      summary: "Ends an installation for good: nobody can undo it",
      example: `${SOME} --why "machine scrapped"`,
      argument: NAME,
      show: "installation",
      why: true,
    },
    TRANSFER_INSTALLATION,
    REFRESH_INSTALLATION,
  ],
};
