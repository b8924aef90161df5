import type { CommandGroup } from "../command-group.ts";
import { holderFlags, personFlags, spanFlags } from "./holder-flags.ts";

const LICENSE = { name: "license", path: "parent" };
const SOME =
  "customers/01890a5d-ac96-774b-bcce-b302099a8057/licenses/01890a5d-ac96-774b-bcce-b302099a8058";

const TOTALS = ["key", "seatTime", "sessions"];

export const USAGE: CommandGroup = {
  name: "usage",
  summary: "how the seats of a license were used",
  commands: [
    {
      verb: "show",
      kind: "read",
      method: "UsageService.getUsage",
      summary: "Shows how many seats were in use over time, and who used most",
      example: `${SOME} --from 2026-01-01 --until 2026-02-01 --resolution DAY`,
      argument: LICENSE,
      flags: [
        ...spanFlags((field) => field, { required: true }),
        {
          spelling: "--resolution <span>",
          path: "resolution",
          help: "how long each span is: QUARTER_HOUR or DAY",
        },
        { spelling: "--feature <code>", path: "feature", help: "the use of this feature alone" },
      ],
      tables: {
        points: ["startTime", "peak", "average", "seats", "grants", "denials", "trueDenials"],
        users: TOTALS,
        hosts: TOTALS,
        features: TOTALS,
      },
    },
    {
      verb: "sessions",
      kind: "list",
      method: "UsageService.listSessions",
      summary: "Lists who had a seat and for how long, the newest at the front",
      example: `${SOME} --user ada --from 2026-01-01 --state ENDED`,
      argument: LICENSE,
      expressions: false,
      flags: [
        ...holderFlags("filter"),
        { spelling: "--state <state>", path: "filter.state", help: "that stand so: OPEN or ENDED" },
        ...spanFlags((field) => `filter.${field}`),
      ],
      show: "sessions",
      columns: [
        "holder.user",
        "holder.host",
        "holder.applicationVersion",
        "grantTime",
        "endTime",
        "end",
        "overdraft",
        "borrowed",
      ],
    },
    {
      verb: "denials",
      kind: "list",
      method: "UsageService.listDenials",
      summary: "Lists who asked for a seat and got none, the newest at the front",
      example: `${SOME} --outcome TRUE --from 2026-01-01`,
      argument: LICENSE,
      expressions: false,
      flags: [
        ...personFlags("filter"),
        {
          spelling: "--cause <cause>",
          path: "filter.cause",
          help: "last refused for this, for example FULL or VERSION_NOT_COVERED",
        },
        {
          spelling: "--outcome <outcome>",
          path: "filter.outcome",
          help: "that came to this: TRUE for those who got no seat within ten minutes",
        },
        ...spanFlags((field) => `filter.${field}`),
      ],
      show: "denials",
      columns: [
        "holder.user",
        "holder.host",
        "firstTime",
        "lastTime",
        "attempts",
        "cause",
        "feature",
        "live",
        "waiting",
        "outcome",
      ],
    },
    {
      verb: "export",
      kind: "stream",
      method: "UsageService.exportUsage",
      summary: "Writes what the ledger has as CSV",
      example: `${SOME} --table SESSIONS --from 2026-01-01 > sessions.csv`,
      argument: LICENSE,
      flags: [
        {
          spelling: "--table <table>",
          path: "table",
          required: true,
          help: "of what: SESSIONS, DENIALS or USAGE",
        },
        ...spanFlags((field) => field),
      ],
      delivery: { kind: "text", bytes: "csv" },
    },
  ],
};
