import type { CommandGroup } from "../command-group.ts";
import { UNLOCK } from "./unlock.ts";

export const SITE: CommandGroup = {
  name: "site",
  summary: "a license server at a customer's site",
  commands: [
    {
      ...UNLOCK,
      summary:
        "Unlocks the installation of a license server; client computers unlock by the same key",
      example:
        '--product atlas --name "Ada Lovelace" --organization "Acme GmbH" --key-file key.txt --directory /var/lib/leasehold-site',
      load: async () => (await import("../local/unlock-site.ts")).unlockSite,
    },
    {
      verb: "status",
      kind: "read",
      method: "SiteService.getSite",
      summary:
        "Shows the seats that the site holds, until when, and when the vendor was last reached",
      example: "",
      show: "site",
    },
    {
      verb: "exchange-log",
      kind: "change",
      method: "SiteService.setExchangeLog",
      summary: "Turns the log of exchanges with the vendor on or, without --on, off",
      example: "--on",
      flags: [{ spelling: "--on", path: "enabled", help: "write the exchanges from now on" }],
      show: "site",
    },
  ],
};
