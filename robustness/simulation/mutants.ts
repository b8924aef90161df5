import type { ViolationKind } from "./checker.ts";
import type { SimulationOptions } from "./simulate.ts";

/** The product with one rule of the protocol left out. */
export interface Mutant extends Pick<SimulationOptions, "edits" | "mutation" | "faults"> {
  /** What it leads to: any of these. */
  readonly shows: readonly ViolationKind[];
}

/** What a script says, put otherwise. */
function saying(find: string, put: string): Pick<Mutant, "edits"> {
  return { edits: [{ find, put }] };
}

export const MUTANTS = {
  "a pool that lost its data grants at once": {
    ...saying("if pool.learning then return { 'LEARNING', pool.learn_until - pool.t } end", ""),
    faults: ["redis-flushed", "client-cut-off"],
    shows: ["too-many", "holder-refused"],
  },
  "a pool learns for no longer than the fence": {
    ...saying("math.max(t, fence_until) + tonumber(ARGV[5])", "math.max(t, fence_until)"),
    faults: ["redis-flushed", "redis-restarted"],
    shows: ["too-many", "holder-refused"],
  },
  "data of an earlier incarnation count": {
    ...saying("if f[1] ~= this_incarnation() then", "if false then"),
    faults: ["redis-restarted", "redis-failed-over"],
    shows: ["too-many", "holder-refused", "fence-fell"],
  },
  "a step of the clock counts as time": {
    ...saying("local counts_from = math.min(trusted, now)", "local counts_from = 0"),
    faults: ["clock-stepped"],
    shows: ["too-many", "holder-refused"],
  },
  "a seat is free as soon as its holder's validity is over": {
    ...saying("pool.span = pool.validity + pool.grace", "pool.span = pool.validity"),
    faults: ["client-cut-off"],
    shows: ["too-many"],
  },
  "keys that are lost go unnoticed": {
    ...saying("return redis.call('EXISTS', Z, S, H, T, X, D) == 6", "return true"),
    faults: ["key-lost"],
    shows: ["too-many", "holder-refused"],
  },
  "who got a seat before they became fewer is not taken back": {
    ...saying("math.max(pool.seats + pool.overdraft, pool.room)", "pool.seats + pool.overdraft"),
    faults: ["terms-changed", "redis-flushed"],
    shows: ["holder-refused"],
  },
  "who waits is passed over": {
    ...saying("\n  set_aside_for_waiters(room, limit)\n", "\n"),
    faults: [],
    shows: ["overtaken"],
  },
  "an epoch is used again": {
    mutation: { epochsStay: true },
    faults: ["redis-flushed"],
    shows: ["fence-fell"],
  },
  "a holder counts from when the answer came": {
    mutation: { deadlineFromReceipt: true },
    faults: ["client-line-fails"],
    shows: ["too-many"],
  },
} as const satisfies Record<string, Mutant>;
