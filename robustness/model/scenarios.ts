import type { Bounds } from "./bounds.ts";
import type { Violation } from "./verdict.ts";

/** A world to search, and what must not happen in it. */
export interface Scenario {
  readonly bounds: Bounds;
  readonly looksFor: readonly Violation[];
}

const EVERYTHING: readonly Violation[] = [
  "too-many",
  "too-many-kept",
  "holder-refused",
  "overbooked",
  "revived",
  "taken-back-renewed",
  "fence-fell",
];

/** Those who have a seat keep it when the seats are lowered; nobody gets one as long as there are too many. */
const LOWERED: readonly Violation[] = ["too-many", "holder-refused", "revived", "fence-fell"];

/** Nothing happens that is not asked for. */
export const BARE: Bounds = {
  clients: 2,
  ids: 3,
  validity: 2,
  grace: 1,
  fence: 1,
  stop: 1,
  nodes: 1,
  unused: false,
  terms: [{ seats: 1 }],
  strays: 0,
  attempts: 0,
  steps: [],
  tolerance: 0,
  hostsDiffer: 0,
  restorations: 0,
  brokers: 1,
  harms: [],
  faults: {},
};

function scenario(differs: Partial<Bounds>, looksFor = EVERYTHING): Scenario {
  return { bounds: { ...BARE, ...differs }, looksFor };
}

/** Further than any lease lives without a renewal. */
const STEPS = [3, -3] as const;

const SUSPENDED = [{ seats: 1 }, { seats: 1, suspended: true }, { seats: 1 }] as const;

export const SCENARIOS = {
  "messages late, lost and twice, a slow clock": scenario({
    ids: 2,
    strays: 2,
    faults: { slowTicks: 1, duplicates: 1, lostAnswers: 1, heartbeatsLate: 1 },
  }),
  "keys are lost, twice": scenario({
    harms: ["flushed", "members deleted", "meta deleted", "tombstones deleted"],
    faults: { harms: 2, slowTicks: 1 },
  }),
  "keys are lost, messages late": scenario({
    strays: 1,
    harms: ["flushed", "members deleted", "restarted"],
    faults: { harms: 1, heartbeatsLate: 1 },
  }),
  "redis restarts, with old data perhaps": scenario({
    ids: 2,
    strays: 1,
    harms: ["restarted", "rolled back"],
    faults: { harms: 1, heartbeatsLate: 1 },
  }),
  "keys of an earlier incarnation are put back": scenario({
    harms: ["restarted", "given earlier keys"],
    faults: { harms: 2 },
  }),
  "split brain": scenario({ nodes: 2, faults: { failovers: 1, slowTicks: 1 } }),
  "split brain, nothing to spare": scenario({
    nodes: 2,
    ids: 2,
    grace: 0,
    fence: 2,
    stop: 2,
    faults: { failovers: 1 },
  }),
  "split brain, messages late": scenario({
    nodes: 2,
    ids: 2,
    strays: 1,
    faults: { failovers: 1, heartbeatsLate: 1 },
  }),
  "split brain, acquires repeated and cancelled": scenario({
    nodes: 2,
    ids: 2,
    validity: 2,
    grace: 0,
    strays: 2,
    faults: { failovers: 1, lostAnswers: 1 },
  }),
  "two failovers within one recovery": scenario({ nodes: 3, ids: 2, faults: { failovers: 2 } }),
  "a heartbeat is overtaken by its own release, keys are lost": scenario(
    { ids: 2, strays: 2, harms: ["flushed"], faults: { harms: 1, heartbeatsLate: 1 } },
    ["too-many", "too-many-kept", "overbooked"],
  ),
  "set-ups race": scenario({
    unused: true,
    ids: 2,
    validity: 1,
    attempts: 2,
    harms: ["flushed"],
    faults: { harms: 1 },
  }),
  "small clock steps": scenario({
    ids: 2,
    tolerance: 1,
    steps: [1, -1],
    faults: { clockSteps: 2 },
  }),
  "a clock steps, keys are lost": scenario({
    ids: 2,
    grace: 0,
    steps: STEPS,
    harms: ["flushed", "restarted"],
    faults: { clockSteps: 1, harms: 1 },
  }),
  "a clock steps, a broker restarts": scenario({
    ids: 2,
    grace: 0,
    steps: STEPS,
    faults: { clockSteps: 1, brokerRestarts: 1 },
  }),
  "a clock steps twice, two brokers": scenario({
    ids: 2,
    validity: 1,
    fence: 0,
    brokers: 2,
    steps: [2, -2],
    faults: { clockSteps: 2 },
  }),
  "split brain, a clock steps": scenario({
    nodes: 2,
    ids: 2,
    validity: 1,
    grace: 0,
    steps: [2, -2],
    faults: { clockSteps: 1, failovers: 1 },
  }),
  "split brain, the replica's clock is ahead": scenario({
    nodes: 2,
    ids: 2,
    hostsDiffer: 4,
    faults: { failovers: 1 },
  }),
  "split brain, the replica's clock is behind": scenario({
    nodes: 2,
    ids: 2,
    hostsDiffer: -4,
    faults: { failovers: 1 },
  }),
  "a lease is taken back, keys are lost": scenario({
    ids: 2,
    strays: 1,
    harms: ["flushed", "restarted"],
    faults: { revocations: 1, harms: 1 },
  }),
  "a lease is taken back, split brain": scenario({
    nodes: 2,
    ids: 2,
    faults: { revocations: 1, failovers: 1 },
  }),
  "a lease is taken back, two failovers": scenario({
    clients: 1,
    nodes: 3,
    ids: 1,
    faults: { revocations: 1, failovers: 2 },
  }),
  "a lease is taken back, keys are lost twice, restoring takes its time": scenario({
    clients: 1,
    ids: 1,
    restorations: 1,
    harms: ["flushed", "restarted"],
    faults: { revocations: 1, harms: 2 },
  }),
  "a seat is borrowed, keys are lost": scenario({
    ids: 2,
    harms: ["flushed", "restarted"],
    faults: { borrows: 1, harms: 2 },
  }),
  "a seat is borrowed, split brain": scenario({
    nodes: 2,
    ids: 2,
    faults: { borrows: 1, failovers: 1 },
  }),
  "a seat is borrowed, keys are lost twice, restoring takes its time": scenario({
    ids: 2,
    restorations: 1,
    harms: ["flushed"],
    faults: { borrows: 1, harms: 2 },
  }),
  "seats lowered and raised": scenario(
    { clients: 3, terms: [{ seats: 2 }, { seats: 1 }, { seats: 2 }] },
    LOWERED,
  ),
  "seats lowered, keys lost": scenario(
    {
      ids: 2,
      terms: [{ seats: 2 }, { seats: 1 }],
      harms: ["flushed", "restarted"],
      faults: { harms: 1 },
    },
    LOWERED,
  ),
  "seats lowered, split brain": scenario(
    {
      ids: 2,
      nodes: 2,
      validity: 1,
      terms: [{ seats: 2 }, { seats: 1 }],
      faults: { failovers: 1 },
    },
    LOWERED,
  ),
  "suspended and resumed": scenario({
    ids: 2,
    strays: 1,
    terms: SUSPENDED,
    faults: { slowTicks: 1, heartbeatsLate: 1 },
  }),
  "suspended and resumed, keys lost": scenario({
    terms: SUSPENDED,
    harms: ["flushed", "restarted"],
    faults: { harms: 1 },
  }),
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
