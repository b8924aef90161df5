import { setTimeout as pause } from "node:timers/promises";
import type { ServiceName } from "@leasehold/dev-cluster";
import { until } from "@leasehold/testkit";
import { competing } from "../agent/habits.ts";
import type { History, PoolLook } from "../checker/history.ts";
import { readAgents } from "../checker/read-agent.ts";
import { dice } from "../site/dice.ts";
import { hostNow } from "../site/host-clock.ts";
import { type PoolWatch, watchPool } from "../site/pool-watch.ts";
import { openSite, type Site } from "../site/site.ts";
import { TIMINGS, type Topology } from "../site/timings.ts";
import { belongsTo, FAULT_NAMES, type FaultName, isPossible } from "./faults.ts";
import { type Fired, fireRound } from "./fire.ts";
import { everyFault, pairs, type Round } from "./schedule.ts";

/** What a run under faults left behind. */
export interface Chaos {
  readonly history: History;
  /** How often each fault happened that belongs to the topology, and whether it should have. */
  readonly fired: readonly {
    readonly name: FaultName;
    readonly times: number;
    readonly expected: boolean;
  }[];
  readonly notDrained: readonly string[];
  /** What went wrong with the run itself. */
  readonly mishaps: readonly string[];
  /** The last lines of each service. */
  readonly logs: ReadonlyMap<ServiceName, readonly string[]>;
}

export interface ChaosOptions {
  readonly topology: Topology;
  readonly seed: number;
  /** Each fault once, or for so long. */
  readonly length: "once" | { readonly minutes: number };
  readonly say: (line: string) => void;
}

const SEATS = 12;
const SEAT_BROKERS = 3;
/** Sessions of each agent. Those of one are killed and paused. */
const AGENTS = [8, 8, 8, 1, 1, 1] as const;
const PAIRS_A_ROUND = 12;

/** Starts a whole cluster, lets faults happen to it, ends it. */
export async function chaos({ topology, seed, length, say }: ChaosOptions): Promise<Chaos> {
  const timings = TIMINGS[topology];
  await using site = await openSite({
    topology,
    timings,
    seats: SEATS,
    seatBrokers: SEAT_BROKERS,
    seed,
  });
  await Promise.all(AGENTS.map((sessions) => site.startAgent(sessions, competing(timings))));
  await using pool = watchPool(site);
  await until("a seat is taken", 30_000, async () =>
    ((await pool.look())?.pool?.live ?? 0) > 0 ? true : undefined,
  );
  const from = hostNow();
  const watching = new AbortController();
  const watched = follow(pool, watching.signal);
  const fired: Fired = { times: new Map(), mishaps: [] };
  const tell = (line: string) =>
    say(`${((hostNow() - from) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
  let number = 0;
  for (const { round, isOver } of roundsOf(site, { seed, length }))
    await fireRound(site, round, seed + (number += 10), { fired, say: tell, isOver });
  await pause(timings.spanMs);
  watching.abort();
  const seen = await watched;
  const end = hostNow();
  const ended = site.agents.flatMap((agent) => agent.failure() ?? []);
  await Promise.all(site.agents.map((agent) => agent[Symbol.asyncDispose]()));
  const notDrained = await drain(site, pool);
  const { surprises, ...chronicle } = site.chronicle;
  const told = await readAgents(site.agents, end);
  return {
    history: { from, until: end, ...told, ...seen, ...chronicle },
    fired: FAULT_NAMES.filter((name) => belongsTo(name, site)).map((name) => ({
      name,
      times: fired.times.get(name) ?? 0,
      expected: isPossible(name, site),
    })),
    notDrained,
    mishaps: [...fired.mishaps, ...surprises, ...ended],
    logs: new Map(
      (["issuer", "activation", ...site.seatBrokers] as const).map((service) => [
        service,
        site.cluster.logs(service),
      ]),
    ),
  };
}

/** What happens, round by round, until the time is over; each fault at least once. */
function* roundsOf(
  site: Site,
  { seed, length }: Pick<ChaosOptions, "seed" | "length">,
): Generator<{ readonly round: Round; readonly isOver: () => boolean }> {
  const names = FAULT_NAMES.filter((name) => belongsTo(name, site) && isPossible(name, site));
  const random = dice(seed);
  const end = hostNow() + (length === "once" ? 0 : length.minutes * 60_000);
  for (const round of everyFault(names, random)) yield { round, isOver: () => false };
  const isOver = () => hostNow() >= end;
  while (!isOver())
    for (const round of [pairs(names, PAIRS_A_ROUND, random), ...everyFault(names, random)])
      yield { round, isOver };
}

/** Keeps looking at the pool, and at which fences its leases have. */
async function follow(
  pool: PoolWatch,
  signal: AbortSignal,
): Promise<Pick<History, "looks" | "fencesOfLeases">> {
  const looks: PoolLook[] = [];
  const fencesOfLeases = new Map<string, Set<bigint>>();
  await pool.follow((answer, at) => {
    const { live = 0, terms } = answer.pool ?? {};
    looks.push({ at, live, seats: terms?.seats ?? 0 });
    for (const { leaseId, fencingToken } of answer.seats) {
      const lease = leaseId.toString("hex");
      const known = fencesOfLeases.get(lease) ?? new Set();
      // 0 is how a lease is shown whose facts were lost.
      if (fencingToken > 0n) known.add(fencingToken);
      fencesOfLeases.set(lease, known);
    }
  }, signal);
  return { looks, fencesOfLeases };
}

/** Whether the pool is empty in time, once nobody holds or wants a seat. */
async function drain({ timings }: Site, pool: PoolWatch): Promise<readonly string[]> {
  const limitMs = timings.spanMs + timings.fenceMs + 5_000;
  let live: number | undefined;
  let answers = false;
  try {
    await until("the pool is empty", limitMs, async () => {
      const answer = await pool.look();
      answers = answer !== undefined;
      live = answer?.pool?.live;
      return live === 0 ? true : undefined;
    });
    return [];
  } catch {
    const found = answers ? `${live} seats were still taken` : "no seat-broker told of the pool";
    return [`${found} ${limitMs} ms after everybody had ended`];
  }
}
