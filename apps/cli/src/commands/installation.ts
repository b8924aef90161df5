import type { CommandGroup } from "../command-group.ts";
import { nameIn } from "../flag-values.ts";

const NAME = { name: "installation", path: "name", read: nameIn("installations") };

export const INSTALLATION: CommandGroup = {
  name: "installation",
  summary: "the machines that a license was unlocked on",
  commands: [
    {
      verb: "get",
      kind: "read",
      method: "ActivationService.getInstallation",
      summary: "Shows an installation",
      example: "installations/01890a5d-ac96-774b-bcce-b302099a8057",
      argument: NAME,
      show: "installation",
    },
  ],
};
