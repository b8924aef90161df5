import { setTimeout as pause } from "node:timers/promises";
import { until } from "@leasehold/testkit";
import { disturbance } from "../chaos/fault.ts";
import { competing, STEADY } from "../agent/habits.ts";
import type { Told } from "../checker/history.ts";
import { readAgents } from "../checker/read-agent.ts";
import { tooMany } from "../checker/too-many.ts";
import { belowFloors, type Outcome } from "../outcome.ts";
import { hostNow } from "../site/host-clock.ts";
import { watchPool } from "../site/pool-watch.ts";
import { openSite, type Site } from "../site/site.ts";
import { timingsOf, type Topology } from "../site/timings.ts";
import { withRedis } from "../site/with-redis.ts";

const HOLDERS = 500;
const PROCESSES = 5;
/** Sessions that would like a seat all the time, and must not get one. */
const CONTENDERS = 6;
const START_LIMIT_MS = 90_000;

/** Longer than the chaos has: hundreds of heartbeats are to be answered on a small machine. */
const TIMINGS = {
  single: timingsOf(12_000, 2_000, 1_000),
  sentinel: timingsOf(15_000, 2_000, 4_000),
  cluster: timingsOf(15_000, 2_000, 4_000),
} as const;

/** What all holders have to survive. */
const BLOWS: Readonly<Record<Topology, (site: Site) => Promise<unknown>>> = {
  single: async ({ redis }) => {
    const { url } = await redis.primary();
    await withRedis(url, (connection) => connection.flushall());
  },
  sentinel: async ({ redis }) => (await redis.primary()).kill(),
  cluster: async ({ redis }) => (await redis.primary()).kill(),
};

/**
 * Hundreds of holders, as many as there are seats, and Redis loses its data or its primary: nobody may
 * lose a seat, and nobody else may get one.
 */
export async function holders(
  topology: Topology,
  seed: number,
  say: (line: string) => void,
): Promise<Outcome> {
  const timings = TIMINGS[topology];
  const options = { topology, timings, seats: HOLDERS, seatBrokers: 3, seed };
  await using site = await openSite(options);
  const steady = await Promise.all(
    Array.from({ length: PROCESSES }, () => site.startAgent(HOLDERS / PROCESSES, STEADY)),
  );
  await using pool = watchPool(site);
  const untilLive = (what: string, limitMs: number) =>
    until(what, limitMs, async () =>
      (await pool.look())?.pool?.live === HOLDERS ? true : undefined,
    );
  await untilLive(`${HOLDERS} seats are taken`, START_LIMIT_MS);
  const contending = await site.startAgent(CONTENDERS, competing(timings));
  await pause(timings.validityMs / 2);
  const struckAt = hostNow();
  say("strikes");
  await disturbance(site, () => BLOWS[topology](site));
  await pause(timings.fenceMs + timings.spanMs + 2 * timings.reconnectMs);
  await pause(timings.validityMs);
  const end = hostNow();
  const ended = site.agents.flatMap((agent) => agent.failure() ?? []);
  await Promise.all(site.agents.map((agent) => agent[Symbol.asyncDispose]()));
  const theirs = await readAgents(steady, end);
  const others = await readAgents([contending], end);
  const kept = theirs.holdings.filter(
    ({ from, until: over }) => from < struckAt && over >= end - 1_000,
  );
  return outcomeOf({ theirs, others, kept: kept.length, ended }, site);
}

function outcomeOf(
  found: {
    readonly theirs: Told;
    readonly others: Told;
    readonly kept: number;
    readonly ended: readonly string[];
  },
  { chronicle, timings }: Site,
): Outcome {
  const { theirs, others, kept, ended } = found;
  const holdings = [...theirs.holdings, ...others.holdings];
  const violations = tooMany({ holdings, capacities: chronicle.capacities, from: 0 }, timings);
  const figures = {
    violations: violations.length,
    lostLiveHolders: theirs.losses.length,
    holdersKept: kept,
    holdersContended: others.refusals.length,
    mishaps: ended.length + chronicle.surprises.length,
  };
  const failures = [
    ...violations,
    ...theirs.losses.map(({ agent, cause }) => `${agent} lost a seat: ${cause}`),
    ...ended,
    ...chronicle.surprises,
    ...belowFloors(figures, { holdersKept: HOLDERS, holdersContended: 20 }),
  ];
  return { figures, failures: failures.slice(0, 20).map((each) => `holders: ${each}`) };
}
