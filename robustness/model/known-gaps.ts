import type { Bounds } from "./bounds.ts";
import { ALL_RULES, type Rules } from "./rules.ts";
import { BARE, type Scenario } from "./scenarios.ts";
import type { Violation } from "./verdict.ts";

/** What the protocol does not carry, as small worlds in which that shows. */
export interface KnownGap extends Scenario {
  readonly rules: Rules;
}

function gap(differs: Partial<Bounds>, violation: Violation, rules = ALL_RULES): KnownGap {
  return { bounds: { ...BARE, ...differs }, looksFor: [violation], rules };
}

const STEPPED_BACK = { fence: 0, steps: [3, -3], brokers: 2 } as const;

export const KNOWN_GAPS = {
  "a clock steps back and forth within the time in which a broker does not look, and another starts in between":
    gap(
      {
        ...STEPPED_BACK,
        ids: 2,
        grace: 0,
        faults: { clockSteps: 2, brokerRestarts: 1 },
      },
      "too-many",
    ),
  "a broker that started after a step cannot tell how old the tokens from before it are": gap(
    {
      ids: 2,
      steps: [3],
      harms: ["flushed"],
      faults: { clockSteps: 1, harms: 1, brokerRestarts: 1 },
    },
    "holder-refused",
  ),
  "lowering the seats ends no lease, however long it is renewed": gap(
    { terms: [{ seats: 2 }, { seats: 1 }] },
    "too-many-kept",
  ),
  "a heartbeat that its own release overtook, and a loss between them, takes a live holder's place":
    gap(
      { strays: 2, harms: ["flushed"], faults: { harms: 1, heartbeatsLate: 1 } },
      "holder-refused",
    ),
  "keys of this incarnation that are put back are taken for the newest": gap(
    { harms: ["given its own keys"], faults: { harms: 1 } },
    "too-many",
  ),
} as const satisfies Record<string, KnownGap>;
