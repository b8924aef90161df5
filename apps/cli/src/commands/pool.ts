import type { CommandGroup } from "../command-group.ts";

const LICENSE = { name: "license", path: "license" };
const SOME =
  "customers/01890a5d-ac96-774b-bcce-b302099a8057/licenses/01890a5d-ac96-774b-bcce-b302099a8058";

export const POOL: CommandGroup = {
  name: "pool",
  summary: "how the seats of a license stand, and whether any are granted",
  commands: [
    {
      verb: "show",
      kind: "local",
      summary: "Shows how many seats of a license are live and waited for, and its sub-pools",
      example: SOME,
      argument: LICENSE,
      calls: ["SeatBrokerService.listSeats"],
      load: async () => (await import("../local/show-pool.ts")).showPool,
    },
    {
      verb: "drain",
      kind: "end",
      method: "SeatBrokerService.drainPool",
      summary: "Drains a pool: no seat is granted until it is resumed; who has one keeps it",
      example: SOME,
      argument: LICENSE,
    },
    {
      verb: "resume",
      kind: "act",
      method: "SeatBrokerService.resumePool",
      summary: "Resumes a drained pool: seats are granted again",
      example: SOME,
      argument: LICENSE,
    },
  ],
};
