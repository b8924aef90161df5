import { claimLogicalDatabase, startRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import type { Application } from "./application.ts";
import type { Violation } from "./checker.ts";
import { FAULTS, type Fault, type FaultKind } from "./faults.ts";
import { processTimers } from "./process-timers.ts";
import { type ScriptEdit, virtualScripts } from "./virtual-scripts.ts";
import { type Counts, World, type WorldMutation } from "./world.ts";

/** What is to be simulated. */
export interface SimulationOptions {
  /** Of a Redis, whose data under the names of the seeds are overwritten. */
  readonly redisUrl: string;
  readonly seeds: readonly string[];
  /** For how long things go wrong, in milliseconds of virtual time. */
  readonly troubledMs?: number;
  /** What may go wrong; anything if absent. */
  readonly faults?: readonly FaultKind[];
  readonly edits?: readonly ScriptEdit[];
  readonly mutation?: WorldMutation;
  /** Ends at the first seed that shows a violation. */
  readonly untilViolated?: boolean;
}

/** What came of one seed. */
export interface SimulatedRun extends Counts {
  readonly seed: string;
  readonly violations: readonly Violation[];
  /** Holders who lost their seats, with reason. */
  readonly lost: number;
  readonly virtualMs: number;
  readonly atCapMs: number;
  readonly events: number;
  /** The same for the same history. */
  readonly digest: string;
  readonly history: readonly string[];
}

/** What came of all seeds. */
export interface SimulationFigures extends Counts {
  readonly runs: readonly SimulatedRun[];
  readonly violations: readonly (Violation & { readonly seed: string })[];
  readonly lost: number;
  readonly virtualHours: number;
  /** Share of the time in which all seats were held. */
  readonly atCap: number;
}

/** Who comes to have the sets swept leaves some behind. */
const LATE_TOMBSTONES = 2;
const ALL_FAULTS = Object.keys(FAULTS) as FaultKind[];
const TROUBLED_MS = 600_000;

/** Simulates each seed by itself, on one real Redis. */
export async function runSimulation(options: SimulationOptions): Promise<SimulationFigures> {
  await using stack = new AsyncDisposableStack();
  const client = new Redis(options.redisUrl);
  stack.defer(() => client.disconnect());
  const scripts = virtualScripts(options.edits);
  for (const { source } of scripts.values()) await client.script("LOAD", source);
  stack.use(processTimers());
  const { troubledMs = TROUBLED_MS } = options;
  const runs: SimulatedRun[] = [];
  for (const seed of options.seeds) {
    const mutation = options.mutation ?? {};
    const world = new World({ seed, client, scripts, mutation });
    planFaults(world, troubledMs, options.faults ?? ALL_FAULTS);
    const run = await live(world, seed, troubledMs);
    runs.push(run);
    const left = await client.keys(`${world.prefix}*`);
    if (left.length > 0) await client.del(...left);
    if (options.untilViolated === true && run.violations.length > 0) break;
  }
  return figuresOf(runs);
}

/** A Redis of its own for simulations outside of a test run. */
export async function withOwnRedis<T>(use: (redisUrl: string) => Promise<T>): Promise<T> {
  await using redis = await startRedis();
  await using database = await claimLogicalDatabase(redis.url);
  return await use(database.url);
}

async function live(world: World, seed: string, troubledMs: number): Promise<SimulatedRun> {
  const isOver = (): boolean => world.violations.length > 0;
  await world.time.runUntil(troubledMs, isOver);
  await goodEnd(world, isOver);
  const { violations, counts, checker, time, history } = world;
  for (const app of world.applications) app.process.kill();
  for (const { running } of world.brokers) running.process.kill();
  return {
    ...counts,
    seed,
    violations,
    lost: checker.lost,
    virtualMs: time.now,
    atCapMs: checker.atCapMs,
    events: time.events,
    digest: history.digest(),
    history: history.lines(),
  };
}

/** Times of trouble and quiet times follow one another, until it is to be over. */
function planFaults(world: World, troubledMs: number, kinds: readonly FaultKind[]): void {
  const dice = world.dice.of("faults");
  const { validityMs, graceMs, fenceMs } = world.setting;
  const lastsMs = 6 * (validityMs + graceMs + fenceMs);
  // Whatever is out of order is in order again by the end.
  const lastAt = troubledMs - 4 * validityMs;
  const keep = async (): Promise<void> => {
    const old = world.snapshot;
    if (!world.isRedisChanging) {
      world.snapshot = await world.primary.snapshot();
      if (old !== undefined) await world.primary.dropSnapshot(old);
    }
    world.time.in(dice.between(1, 4) * validityMs, keep);
  };
  world.time.in(0, keep);
  for (let at = dice.between(0.5, 1) * validityMs; at < lastAt;) {
    const isQuiet = dice.happens(0.3);
    const until = Math.min(at + dice.between(0.5, 1) * lastsMs, lastAt);
    if (isQuiet) at = until;
    for (; at < until; at += dice.between(0.05, 1.2) * validityMs) {
      if (kinds.length === 0) break;
      const kind = dice.pick(kinds);
      const fault: Fault = FAULTS[kind];
      const part = dice.of(`${kind}/${at}`);
      world.time.in(at, async () => world.fault(kind, await fault(world, part)));
    }
  }
}

/** Nothing goes wrong any more: everybody gets a seat once more, and then nothing is left. */
async function goodEnd(world: World, isOver: () => boolean): Promise<void> {
  const { time, setting, entitlements, checker, applications } = world;
  const { validityMs, graceMs, fenceMs, clients } = setting;
  const spanMs = validityMs + graceMs;
  const { newest } = entitlements;
  entitlements.change({ ...newest, revision: newest.revision + 1n, state: "ACTIVE" });
  world.history.note("END", "nothing goes wrong any more");
  for (const app of applications) app.wantOneMore();
  const limit = time.now + 2 * (spanMs + fenceMs) + 30_000 + clients * spanMs;
  const waiting = (): Application[] => applications.filter(({ isDone }) => !isDone);
  while (waiting().length > 0 && time.now < limit && !isOver())
    await time.runUntil(time.now + 1_000, isOver);
  if (isOver()) return;
  checker.atEnd(waiting());
  await time.runUntil(time.now + spanMs + 61_000, isOver);
  // Sets are swept when somebody comes.
  const last = world.addApplication(1);
  last.wantOneMore();
  while (!last.isDone && time.now < limit + 2 * spanMs + 122_000 && !isOver())
    await time.runUntil(time.now + 1_000, isOver);
  if (isOver()) return;
  const { t = 0, ...left } = await world.primary.members();
  checker.notDrained({ ...left, t: Math.max(0, t - LATE_TOMBSTONES) });
}

function figuresOf(runs: readonly SimulatedRun[]): SimulationFigures {
  const sum = (of: (run: SimulatedRun) => number): number =>
    runs.reduce((total, run) => total + of(run), 0);
  const faults: Record<string, number> = {};
  for (const run of runs)
    for (const [kind, count] of Object.entries(run.faults))
      faults[kind] = (faults[kind] ?? 0) + count;
  const virtualMs = sum((run) => run.virtualMs);
  return {
    runs,
    violations: runs.flatMap(({ seed, violations }) =>
      violations.map((violation) => ({ ...violation, seed })),
    ),
    grants: sum(({ grants }) => grants),
    contended: sum(({ contended }) => contended),
    learningWindows: sum(({ learningWindows }) => learningWindows),
    lost: sum(({ lost }) => lost),
    faults,
    virtualHours: virtualMs / 3_600_000,
    atCap: virtualMs === 0 ? 0 : sum(({ atCapMs }) => atCapMs) / virtualMs,
  };
}
