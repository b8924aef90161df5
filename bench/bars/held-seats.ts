import type { Fleet } from "../load/load.ts";
import type { Report, SeatsPlan } from "../load/orders.ts";
import { Histogram } from "../load/histogram.ts";
import type { Bench, BenchSettings, Chart } from "../run/bar.ts";
import { rounded } from "../run/compare.ts";
import { moveSelf } from "../site/cores.ts";
import { costsOf, familyCostsOf } from "../site/process-costs.ts";
import { type Watched, watchProcesses } from "../site/watch-processes.ts";
import { endLeasesSoon } from "./end-leases-soon.ts";
import { fill, openScene, type Scene, siteDetails } from "./scene.ts";
import { settledMemory } from "./settled-memory.ts";

const POOL = 1_000;
const STREAMS_EACH = 10;
const EVERY_MS = 15_000;
const VALIDITY_MS = 60_000;
const PATIENCE_MS = 5_000;
const ACQUIRES_PER_SECOND = 300;
const HELD_MS = 1_000;
/** Beside those that are held, of each license at least, and of all together: those that come and go, and are slow to. */
const ROOM = 100;
const ROOM_OF_ALL = 4 * ACQUIRES_PER_SECOND;
/** Of starting, filling and ending, for a seat; and beside. */
const EACH_MS = 0.5;
const ALWAYS_MS = 420_000;

/** What came of seats that were kept up over a time. */
export interface KeptSeats {
  readonly report: Report;
  readonly seats: number;
  readonly acquireP99Ms: number;
  readonly details: Readonly<Record<string, number | string>>;
  readonly charts: readonly Chart[];
}

export function heldSeatsLimitMs({ seats, seatsMs }: BenchSettings): number {
  return ALWAYS_MS + EACH_MS * seats + EVERY_MS + seatsMs;
}

/** Seat-brokers, and at which of them the machines are: all at the first, or spread over all. */
export interface Brokers {
  readonly count: number;
  readonly at: "first" | "all";
}

/**
 * Has licenses of 1,000 seats, each with one machine and connection at a seat-broker; ten KeepAlive streams each,
 * 100 seats a stream; every lease is renewed every 15 seconds (its validity is 60), the streams spread evenly over that
 * time; beside that 300 seats are acquired a second, open loop, and given back a second later. Nothing is pinned. A
 * beat is due when its time has come, whatever has returned. The first beat of each stream is not counted, as seats that
 * live have had theirs.
 * @param meanwhile begins with the first beat
 */
export async function keepSeats(
  bench: Bench,
  brokers: Brokers,
  meanwhile?: (scene: Scene) => { readonly plan: Partial<SeatsPlan>; readonly done: Promise<void> },
): Promise<KeptSeats> {
  moveSelf(bench.cores.all);
  const { seats, seatsMs } = bench.settings;
  await using scene = await openScene(bench, {
    brokers: Array.from({ length: brokers.count }, () => ({ isFree: true })),
  });
  const fleet = await heldSeats(scene, bench, brokers.at === "all" ? brokers.count : 1);
  const before = await scene.site.written();
  using processes = watchProcesses(processesOf(scene));
  const { plan = {}, done = Promise.resolve() } = meanwhile?.(scene) ?? {};
  const keeping = fleet.keep({
    everyMs: EVERY_MS,
    patienceMs: PATIENCE_MS,
    ms: seatsMs,
    acquiresPerSecond: ACQUIRES_PER_SECOND,
    heldMs: HELD_MS,
    ...plan,
  });
  const [report] = await Promise.all([keeping, done]);
  const written = await scene.site.written();
  const acquires = new Histogram();
  acquires.add(report.latencies);
  const perSecond = (what: keyof typeof written) =>
    Math.round((1_000 * (written[what] - before[what])) / (EVERY_MS + seatsMs));
  return {
    report,
    seats,
    acquireP99Ms: rounded(acquires.at(0.99) / 1_000),
    details: {
      ...siteDetails(scene.site, bench),
      seats,
      seconds: seatsMs / 1_000,
      ...report.counts,
      "acquire p50 ms": rounded(acquires.at(0.5) / 1_000),
      "acquire p99 ms": rounded(acquires.at(0.99) / 1_000),
      ...processes.details(),
      "Postgres, rows written a second": perSecond("rows"),
      "Postgres, bytes of its log a second": perSecond("logBytes"),
    },
    charts: processes.charts(),
  };
}

/** Sells licenses of 1,000 seats, takes all of them at so many seat-brokers, and opens the streams. */
async function heldSeats(
  { site, load }: Scene,
  { settings, say }: Bench,
  brokers: number,
): Promise<Fleet> {
  const count = Math.ceil(settings.seats / POOL);
  const room = Math.max(ROOM, Math.ceil(ROOM_OF_ALL / count));
  const pools = await site.sell(count, { seats: POOL + room });
  say(`  ${count} licenses are sold`);
  const parties = await Promise.all(pools.map((pool, index) => site.party(pool, index % brokers)));
  const fleet = await load.open(parties, 1);
  await fill(fleet, settings.seats);
  // What filling wrote into the ledgers is none of what is measured.
  await settledMemory(site);
  const { count: streams } = await fleet.openStreams(STREAMS_EACH);
  // Until now leases were valid for an hour: nobody renews them while others are taken.
  await site.amend(pools, VALIDITY_MS);
  // Nor is what a change of so many licenses sets off.
  await settledMemory(site);
  await endLeasesSoon(site, pools, VALIDITY_MS);
  say(`  ${settings.seats} seats are held on ${streams} streams`);
  return fleet;
}

function processesOf({ site, load }: Scene): Watched {
  const { brokers, redis, postgres } = site.pids;
  const own = [
    ...brokers.map((pid, index) => [`seat-broker ${index + 1}`, pid] as const),
    ["Redis", redis] as const,
    ...load.pids.map((pid, index) => [`load ${index + 1}`, pid] as const),
    ["feed", process.pid] as const,
  ];
  return new Map([
    ...own.map(([name, pid]) => [name, () => costsOf(pid)] as const),
    ["Postgres", () => familyCostsOf(postgres)] as const,
  ]);
}
