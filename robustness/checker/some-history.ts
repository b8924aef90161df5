import type { Timings } from "../site/timings.ts";
import type { History, Holding, Loss, Waiting } from "./history.ts";

/** Clocks for histories made by hand: S = 70, the budget 35. */
export const CLOCKS: Timings = {
  validityMs: 60,
  graceMs: 10,
  fenceMs: 5,
  spanMs: 70,
  budgetMs: 35,
  reconnectMs: 1,
};

/** A history of one seat in which nothing happens, but for what differs. */
export function history(differs: Partial<History> = {}): History {
  return {
    from: 0,
    until: 1_000,
    holdings: [],
    waitings: [],
    losses: [],
    standstills: [],
    refusals: [],
    capacities: [{ seats: 1, from: 0, until: Number.POSITIVE_INFINITY }],
    outages: [],
    disturbances: [],
    looks: [],
    fencesOfLeases: new Map(),
    ...differs,
  };
}

export function holding(from: number, until: number, differs: Partial<Holding> = {}): Holding {
  const fence = BigInt(from * 1_000 + until);
  return { agent: "a", askedAt: from, from, until, fence, killed: false, ...differs };
}

export function waiting(from: number, until: number, differs: Partial<Waiting> = {}): Waiting {
  return { agent: "w", from, until, disturbed: false, ...differs };
}

export function loss(at: number, differs: Partial<Loss> = {}): Loss {
  return { agent: "a", at, cause: "silence", ...differs };
}

/** A license that had more seats until 100. */
export const LOWERED: History["capacities"] = [
  { seats: 2, from: 0, until: 100 },
  { seats: 1, from: 100, until: Number.POSITIVE_INFINITY },
];
