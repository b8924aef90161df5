import type { CommandGroup } from "../command-group.ts";
import { holderFlags } from "./holder-flags.ts";

const SOME =
  "customers/01890a5d-ac96-774b-bcce-b302099a8057/licenses/01890a5d-ac96-774b-bcce-b302099a8058";

export const SEAT: CommandGroup = {
  name: "seat",
  summary: "who holds the seats of a license",
  commands: [
    {
      verb: "list",
      kind: "list",
      method: "SeatBrokerService.listSeats",
      summary: "Lists the live seats of a license, those that run out first at the front",
      example: `${SOME} --user ada --state HELD`,
      argument: { name: "license", path: "parent" },
      expressions: false,
      flags: [
        ...holderFlags("filter"),
        {
          spelling: "--state <state>",
          path: "filter.state",
          help: "that stand so: HELD, REVOKED or BORROWED",
        },
      ],
      show: "seats",
      columns: [
        "holder.user",
        "holder.host",
        "holder.applicationVersion",
        "state",
        "grantTime",
        "heartbeatTime",
        "expireTime",
        "warnings",
        "leaseId",
      ],
    },
    {
      verb: "revoke",
      kind: "end",
      method: "SeatBrokerService.revokeSeat",
      summary: "Takes a seat back: its holder is told to stop, and the seat is free once it has",
      example: 'AYkKXayWd0u8zrMCCZqAWAGJCl2slndLvM6zAgmagFk= --reason "needed for the release"',
      argument: { name: "lease", path: "leaseId" },
      flags: [
        { spelling: "--reason <text>", path: "reason", help: "why; its holder is told" },
        {
          spelling: "--immediate",
          path: "immediate",
          help: "free it at once: one seat too many may be live until its holder has stopped",
        },
      ],
    },
  ],
};
