/*
 * What: a million live seats: the share of heartbeats that are answered within 5 seconds, seats that are lost, and p99
 *   of AcquireSeat meanwhile. With --kill-broker: the share of seats that are kept when one of two seat-brokers is
 *   killed with SIGKILL halfway.
 * Why: it is what the product promises at its largest, on two processors with Redis, Postgres and the load.
 * How: licenses of 1,000 seats, each with one machine and connection; ten KeepAlive streams each, 100 seats a stream;
 *   every lease is renewed every 15 seconds (its validity is 60), the streams spread evenly over that time; beside that
 *   300 seats are acquired a second, open loop, and given back a second later. Nothing is pinned. A beat is due when
 *   its time has come, whatever has returned. --seats and --minutes make it smaller. Processor time and memory of each
 *   process go into charts.
 */
import type { Bar, Bench, BarOutcome } from "../run/bar.ts";
import { failuresOf, rounded } from "../run/compare.ts";
import { Histogram } from "../load/histogram.ts";
import type { Fleet } from "../load/load.ts";
import type { Report } from "../load/orders.ts";
import { watchProcesses } from "../site/watch-processes.ts";
import { moveSelf } from "../site/cores.ts";
import { fill, openScene, type Scene, siteDetails } from "./scene.ts";

const POOL = 1_000;
const STREAMS_EACH = 10;
const EVERY_MS = 15_000;
const VALIDITY_MS = 60_000;
const PATIENCE_MS = 5_000;
const ACQUIRES_PER_SECOND = 300;
const HELD_MS = 1_000;
/** Beside those that are held: those that come and go. */
const ROOM = 100;

export const million: Bar = {
  name: "million",
  title: "one million live seats",
  figures: ({ killBroker }) =>
    killBroker ? ["millionKilledKept"] : ["millionKept", "millionLost", "millionP99Ms"],
  run: async (bench) => {
    moveSelf(bench.cores.all);
    const { killBroker, seats, seatsMs } = bench.settings;
    const free = { isFree: true };
    await using scene = await openScene(bench, { brokers: killBroker ? [free, free] : [free] });
    const fleet = await heldSeats(scene, bench);
    using processes = watchProcesses(namesOf(scene));
    const [, second] = scene.site.brokers;
    const kept = fleet.keep({
      everyMs: EVERY_MS,
      patienceMs: PATIENCE_MS,
      ms: seatsMs,
      acquiresPerSecond: ACQUIRES_PER_SECOND,
      heldMs: HELD_MS,
      ...(killBroker && second && { elsewhere: second.endpoint }),
    });
    if (killBroker) {
      await new Promise((resolve) => setTimeout(resolve, seatsMs / 2));
      await scene.site.brokers[0]?.kill();
    }
    const outcome = outcomeOf(await kept, seats, killBroker);
    const details = { ...siteDetails(scene.site, bench), ...outcome.details };
    return { ...outcome, details, charts: processes.charts() };
  },
};

/** Sells licenses of 1,000 seats, takes all of them, and opens the streams. */
async function heldSeats({ site, load }: Scene, { settings, say }: Bench): Promise<Fleet> {
  const count = Math.ceil(settings.seats / POOL);
  const pools = await site.sell(count, { seats: POOL + ROOM, validityMs: VALIDITY_MS });
  say(`  ${count} licenses are sold`);
  const parties = await Promise.all(pools.map((pool) => site.party(pool)));
  const fleet = await load.open(parties, 1);
  await fill(fleet, settings.seats);
  const { count: streams } = await fleet.openStreams(STREAMS_EACH);
  say(`  ${settings.seats} seats are held on ${streams} streams`);
  return fleet;
}

function namesOf({ site, load }: Scene): ReadonlyMap<string, number> {
  const brokers = site.pids.brokers.map((pid, index) => [`seat-broker ${index + 1}`, pid] as const);
  const agents = load.pids.map((pid, index) => [`load ${index + 1}`, pid] as const);
  return new Map([...brokers, ["Redis", site.pids.redis], ...agents, ["feed", process.pid]]);
}

function outcomeOf(report: Report, seats: number, killBroker: boolean): BarOutcome {
  const { counts, latencies } = report;
  const of = (name: string) => counts[name] ?? 0;
  const acquires = new Histogram();
  acquires.add(latencies);
  const p99 = rounded(acquires.at(0.99) / 1_000);
  const lost = of("seatsLost");
  return {
    figures: killBroker
      ? { millionKilledKept: (seats - lost) / seats }
      : { millionKept: of("beatsInTime") / of("beats"), millionLost: lost, millionP99Ms: p99 },
    details: {
      seats,
      ...counts,
      "acquire p50 ms": rounded(acquires.at(0.5) / 1_000),
      "acquire p99 ms": p99,
    },
    failures: failuresOf("million", report),
  };
}
