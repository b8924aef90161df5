import {
  fallenFences,
  learningWindows,
  shareAtCapacity,
  type Told,
  tooMany,
} from "@leasehold/robustness/checker";
import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { SEATS, TIMINGS } from "./timings.ts";

/** A run that was never put to the test shows nothing. */
const FLOORS = { timeAtCapShare: 0.3, grants: 20, contended: 10 } as const;
/** Of each kind. */
const MOST_TOLD = 10;

/** What an upgrade came to, by the checker of the fault runs. Nothing excuses the loss of a seat. */
export function verdictOf(run: {
  readonly told: Told;
  readonly from: number;
  readonly until: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly mishaps: readonly string[];
}): Outcome {
  const { told, from, until } = run;
  const capacities = [{ seats: SEATS, from: 0, until: Number.POSITIVE_INFINITY }];
  const history = { ...told, capacities, from, until };
  const { holdings } = told;
  const epochs = learningWindows(holdings);
  const broken = {
    violations: tooMany(history, TIMINGS),
    lostSeats: told.losses.map(({ agent, cause }) => `${agent} lost a seat: ${cause}`),
    fallenFences: fallenFences(holdings),
    recoveries: epochs === 0 ? [] : [`pools recovered ${epochs} times, and nothing was lost`],
    mishaps: run.mishaps,
  };
  const refused = told.refusals.filter(({ reason }) => reason === "NO_SEATS");
  const figures = {
    ...Object.fromEntries(Object.entries(broken).map(([kind, found]) => [kind, found.length])),
    timeAtCapShare: Number(shareAtCapacity(history).toFixed(3)),
    grants: holdings.length,
    contended: refused.length,
    seconds: Math.round((until - from) / 1_000),
    ...run.figures,
  };
  const failures = Object.entries(broken).flatMap(([kind, found]) =>
    found.slice(0, MOST_TOLD).map((each) => `${kind}: ${each}`),
  );
  return { figures, failures: [...failures, ...belowFloors(figures, FLOORS)] };
}
