import { setTimeout as pause } from "node:timers/promises";
import { until } from "@leasehold/testkit";
import type { Dice } from "../site/dice.ts";
import { type Failover, REPLICAS, type SeatServer } from "../site/redis-site.ts";
import type { Site } from "../site/site.ts";
import { withRedis } from "../site/with-redis.ts";
import { disturbance, type Fault, outage } from "./fault.ts";

const REPLICATED = ["sentinel", "cluster"] as const;

/** What befalls a Redis whose replicas take over. */
export const FAILOVER_FAULTS = {
  primaryKilled: { touches: "redis", on: REPLICATED, fire: killPrimary },
  primaryHung: { touches: "redis", on: REPLICATED, fire: hangPrimary },
  primariesKilled: { touches: "redis", on: REPLICATED, fire: killTwice },
  splitBrain: { touches: "redis", on: REPLICATED, fire: splitBrain },
  seatsMoved: { touches: "redis", on: ["cluster"], fire: moveSeats },
} as const satisfies Record<string, Fault>;

/** Until another server is the primary and takes writes, which most agree upon. */
const FAILOVER_LIMIT_MS = 40_000;

/**
 * Waits until there is a primary that takes writes.
 * @param former another one than this
 */
export function untilWritable({ redis }: Site, former?: SeatServer): Promise<SeatServer> {
  return until("a primary takes writes", FAILOVER_LIMIT_MS, async () => {
    const primary = await redis.primary().catch(() => undefined);
    if (primary === undefined || primary === former) return undefined;
    return (await takesWrites(primary)) ? primary : undefined;
  });
}

/** Waits until all servers follow the primary again, so that the next fault finds what is to be borne. */
export async function untilWhole(site: Site): Promise<void> {
  await until("all replicas follow", FAILOVER_LIMIT_MS, async () => {
    const primary = await site.redis.primary().catch(() => undefined);
    if (primary === undefined) return undefined;
    const info = await withRedis(primary.url, (redis) => redis.info("replication")).catch(() => "");
    return Number(/^min_slaves_good_slaves:(\d+)/m.exec(info)?.[1]) >= REPLICAS ? true : undefined;
  });
}

/** Does something during which there is no primary, and after which seats wait for the fence. */
function withoutPrimary(site: Site, what: string, harm: () => Promise<void>): Promise<void> {
  const { reconnectMs, fenceMs } = site.timings;
  return outage(site, { what, reach: "all", after: reconnectMs + fenceMs }, () =>
    disturbance(site, harm),
  );
}

/** It is started again later, by itself, and finds out that it is no primary any more. */
async function killPrimary(site: Site, dice: Dice): Promise<void> {
  const former = await site.redis.primary();
  await withoutPrimary(site, "the primary was killed", async () => {
    await former.kill();
    await untilWritable(site, former);
  });
  await pause(dice.between(0, site.timings.spanMs / 2));
  await former.restart();
  await untilWhole(site);
}

/** It goes on where it was, with what it was about to do. */
async function hangPrimary(site: Site, dice: Dice): Promise<void> {
  const former = await site.redis.primary();
  await withoutPrimary(site, "the primary hung", async () => {
    former.pause();
    try {
      await untilWritable(site, former);
      await pause(dice.chance(0.5) ? dice.between(0, 3_000) : 0);
    } finally {
      former.resume();
    }
  });
  await untilWhole(site);
}

/** The second one is killed while the pool is still in recovery from the first. */
async function killTwice(site: Site, dice: Dice): Promise<void> {
  const first = await site.redis.primary();
  await withoutPrimary(site, "a first primary was killed", async () => {
    await first.kill();
    await untilWritable(site, first);
  });
  await failoverOf(site).rejoin(first);
  await untilWhole(site);
  await pause(dice.between(0, site.timings.spanMs / 4));
  const second = await site.redis.primary();
  await withoutPrimary(site, "a second primary was killed", async () => {
    await second.kill();
    await untilWritable(site, second);
  });
  await failoverOf(site).rejoin(second);
  await untilWhole(site);
}

/** A primary is cut from its replicas and from whoever could tell it, with clients on both sides. */
async function splitBrain(site: Site, dice: Dice): Promise<void> {
  const former = await site.redis.primary();
  const numbers = dice.shuffle(site.seatBrokers.map((_, number) => number));
  const staying = numbers.slice(0, dice.chance(0.5) ? 1 : numbers.length - 1);
  const what = "seat-brokers were left with a former primary";
  await outage(site, { what, reach: "some", after: site.timings.reconnectMs }, async () => {
    await withoutPrimary(site, "split brain", async () => {
      await using split = new AsyncDisposableStack();
      split.use(await failoverOf(site).isolate(former, staying));
      await untilWritable(site, former);
      await pause(dice.between(0, 3_000));
    });
    await untilWhole(site);
  });
}

async function moveSeats(site: Site): Promise<void> {
  await withoutPrimary(site, "the seats were moved", async () => {
    await failoverOf(site).moveSeats?.();
    await untilWritable(site);
  });
  await untilWhole(site);
}

function failoverOf({ redis }: Site): Failover {
  if (redis.failover === undefined) throw new Error("no other server takes over here");
  return redis.failover;
}

/** Whether it takes a write to the shard with the seats. */
function takesWrites({ url }: SeatServer): Promise<boolean> {
  return withRedis(url, async (redis) => {
    const [key = "lease:{}:m"] = await redis.keys("lease:{*}:m");
    await redis.set(key.replace(/:m$/, ":probe"), 1, "PX", 1_000);
    return true;
  }).catch(() => false);
}
