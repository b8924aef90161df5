import { Histogram } from "../load/histogram.ts";
import type { Fleet } from "../load/load.ts";
import type { Report } from "../load/orders.ts";
import { fill, openScene, type Scene } from "../bars/scene.ts";
import type { Bench } from "../run/bar.ts";
import { failuresOf, median, rounded } from "../run/compare.ts";
import type { BrokerDesk, SoldPool } from "../site/bench-site.ts";

/** What was measured at one size, in milliseconds, by what it is. */
export interface GrowthPoint {
  readonly at: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

/** More than any size takes: the most that a license may have, and as many on top. */
const PLENTY = { seats: 1_000_000, overdraft: 1_000_000 };
const SEATS_EACH = 3;
/** Machines that are connected while calls are measured, one for a pool: more would measure connections, not pools. */
const CONNECTED = 100;
/** And while their pools are filled. */
const FILLED_TOGETHER = 1_000;
/** How long leases of one pool are valid: until it is filled, at this rate, and some more. */
const FILLED_PER_SECOND = 2_700;
const SPARE_MS = 10_000;
const GRACE_MS = 10_000;
const PAGE = 100;
/** So many a stream of the pool that recovers, and a message. */
const SEATS_OF_STREAM = 10_000;
const SEATS_OF_MESSAGE = 1_000;
const RECOVERY_LIMIT_MS = 120_000;

/** One pool of so many live seats. */
export async function growthOfPool(
  bench: Bench,
  size: number,
  samples: number,
): Promise<GrowthPoint> {
  bench.say(`one pool of ${size}`);
  await using scene = await openScene(bench);
  const { load, site } = scene;
  const validityMs = SPARE_MS + 1_000 * Math.ceil(size / FILLED_PER_SECOND);
  const [pool] = await site.sell(1, { ...PLENTY, validityMs });
  if (!pool) throw new Error("nothing was sold");
  const fleet = await load.open([await site.party(pool)], 1);
  await fill(fleet, size);
  const calls = await callsOf(fleet, samples);
  const list = await listMs(site.desk(), [pool], samples);
  const recovery = await recoveryMs(scene, fleet, size);
  const told = { ...calls.figures, "list p50": list, recovery };
  for (const [name, ms] of Object.entries(told)) bench.say(`  ${name}: ${ms} ms`);
  await new Promise((resolve) => setTimeout(resolve, validityMs + GRACE_MS + 500));
  const expiry = await expiryMs(fleet);
  bench.say(`  expiry: ${expiry} ms`);
  return { at: size, figures: { ...told, expiry }, failures: calls.failures };
}

/** So many pools, each of a few live seats. */
export async function growthOfPools(
  bench: Bench,
  count: number,
  samples: number,
): Promise<GrowthPoint> {
  bench.say(`${count} pools`);
  await using scene = await openScene(bench);
  const { load, site } = scene;
  const pools = await site.sell(count, PLENTY);
  const machinesOf = async (some: readonly SoldPool[]) => {
    const fleet = await load.open(await Promise.all(some.map((pool) => site.party(pool))), 1);
    await fill(fleet, SEATS_EACH * some.length);
    return fleet;
  };
  const others = pools.slice(0, -CONNECTED);
  for (let from = 0; from < others.length; from += FILLED_TOGETHER)
    await (await machinesOf(others.slice(from, from + FILLED_TOGETHER))).close();
  // Calls go to the last of them in turn.
  const some = pools.slice(-CONNECTED);
  const fleet = await machinesOf(some);
  const calls = await callsOf(fleet, samples);
  const figures = { ...calls.figures, "list p50": await listMs(site.desk(), some, samples) };
  for (const [name, ms] of Object.entries(figures)) bench.say(`  ${name}: ${ms} ms`);
  return { at: count, figures, failures: calls.failures };
}

async function callsOf(fleet: Fleet, samples: number) {
  const one = { kind: "count", inFlight: 1, count: samples } as const;
  const renewals = await fleet.call("renew", one);
  const acquires = await fleet.call("acquire", one);
  const releases = await fleet.call("release", one);
  return {
    figures: {
      "acquire p50": p50(acquires),
      "renew p50": p50(renewals),
      "release p50": p50(releases),
    },
    failures: [
      ...failuresOf("renew", renewals),
      ...failuresOf("acquire", acquires),
      ...failuresOf("release", releases),
    ],
  };
}

function p50({ latencies }: Report): number {
  const histogram = new Histogram();
  histogram.add(latencies);
  return rounded(histogram.at(0.5) / 1_000);
}

async function listMs(desk: BrokerDesk, pools: readonly SoldPool[], samples: number) {
  const times: number[] = [];
  for (let turn = 0; turn < samples; turn += 1) {
    const parent = pools[turn % pools.length]?.name ?? "";
    const since = performance.now();
    await desk.listSeats({ parent, pageSize: PAGE, pageToken: "", filter: undefined });
    times.push(performance.now() - since);
  }
  return rounded(median(times));
}

/** The first AcquireSeat after all leases of a pool ran out. */
async function expiryMs(fleet: Fleet): Promise<number> {
  const report = await fleet.call("acquire", { kind: "count", inFlight: 1, count: 1 });
  const failures = failuresOf("acquire after expiry", report);
  if (failures.length > 0) throw new Error(failures.join("; "));
  return p50(report);
}

/** From FLUSHALL until every lease of the pool was renewed again. */
async function recoveryMs({ site }: Scene, fleet: Fleet, size: number): Promise<number> {
  await fleet.openStreams(Math.ceil(size / SEATS_OF_STREAM));
  const pace = { leasesPerMessage: SEATS_OF_MESSAGE, limitMs: RECOVERY_LIMIT_MS };
  const before = failuresOf("renewing", await fleet.renewAll(pace));
  await site.ask((redis) => redis.flushall());
  const since = performance.now();
  const after = failuresOf("recovering", await fleet.renewAll(pace));
  const failures = [...before, ...after];
  if (failures.length > 0) throw new Error(failures.join("; "));
  return rounded(performance.now() - since);
}
