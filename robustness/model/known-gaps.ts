import { ALL_RULES, type Rules } from "./rules.ts";
import { BARE, type Scenario } from "./scenarios.ts";
import type { Bounds } from "./bounds.ts";
import type { Violation } from "./verdict.ts";

/** What the protocol does not carry, as small worlds in which that shows. */
export interface KnownGap extends Scenario {
  readonly rules: Rules;
}

function gap(differs: Partial<Bounds>, violation: Violation, rules = ALL_RULES): KnownGap {
  return { bounds: { ...BARE, ...differs }, looksFor: [violation], rules };
}

const STEP = { clockStep: 4, stepIsNoticed: true } as const;
const LOWERED = { terms: [{ seats: 2 }, { seats: 1 }] } as const;

export const KNOWN_GAPS = {
  "a step of the clock by more than the grace refuses live holders": gap(
    { ...STEP, faults: { clockSteps: 1 } },
    "holder-refused",
  ),
  "a broker that starts after such a step does not know of it": gap(
    { ...STEP, faults: { clockSteps: 1, brokerRestarts: 1 } },
    "too-many",
  ),
  "lowering the seats ends no lease, however long it is renewed": gap(LOWERED, "too-many-kept"),
  "those above lowered seats are not let back in after a loss": gap(
    { ...LOWERED, harms: ["flushed"], faults: { harms: 1 } },
    "holder-refused",
  ),
  "a heartbeat that its own release overtook, and a loss between them, takes a live holder's place":
    gap(
      {
        strays: 2,
        harms: ["flushed"],
        faults: { harms: 1, heartbeatsLate: 1 },
      },
      "holder-refused",
    ),
  "keys of this incarnation that are put back are taken for the newest": gap(
    { harms: ["given its own keys"], faults: { harms: 1 } },
    "too-many",
  ),
} as const satisfies Record<string, KnownGap>;
