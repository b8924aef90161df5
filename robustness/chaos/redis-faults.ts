import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { guardedFolder, until } from "@leasehold/testkit";
import type { Dice } from "../site/dice.ts";
import type { ProxyMode } from "../site/fault-proxy.ts";
import type { Site } from "../site/site.ts";
import { withRedis } from "../site/with-redis.ts";
import { misbehave } from "./broker-faults.ts";
import { disturbance, type Fault, outage } from "./fault.ts";
import { untilWhole, untilWritable } from "./failover-faults.ts";

/** What befalls a Redis that has seats, its data, its clock, and the ways to it. */
export const REDIS_FAULTS = {
  redisKilled: { touches: "redis", fire: (site) => restartRedis(site, "kept") },
  redisRestartedEmpty: { touches: "redis", on: ["single"], fire: (s) => restartRedis(s, "lost") },
  redisRolledBack: { touches: "redis", on: ["single"], fire: rollBackRedis },
  redisPaused: { touches: "redis", fire: pauseRedis },
  redisFlushed: { touches: "redis", fire: flushRedis },
  metaDeleted: { touches: "redis", fire: deleting(":m") },
  membersDeleted: { touches: "redis", fire: deleting(":z") },
  holdersDeleted: { touches: "redis", fire: deleting(":h") },
  tombstonesDeleted: { touches: "redis", fire: deleting(":t") },
  queueDeleted: { touches: "redis", fire: deleting(":q") },
  queueTimesDeleted: { touches: "redis", fire: deleting(":qt") },
  redisClockSteppedForward: { touches: "redis", isPossible: hasClock, fire: stepping(1) },
  redisClockSteppedBack: { touches: "redis", isPossible: hasClock, fire: stepping(-1) },
  redisRepliesSwallowed: { touches: "redis", on: ["single"], fire: toAll("swallow replies") },
  redisHeldUp: { touches: "redis", on: ["single"], fire: toAll("hold") },
  redisUnreachable: { touches: "redis", on: ["single"], fire: toAll("blackhole") },
  redisSlow: { touches: "redis", on: ["single"], fire: slowRedis },
  redisConnectionsReset: { touches: "redis", on: ["single"], fire: resetRedis },
} as const satisfies Record<string, Fault>;

/** How long an outage may last that holders have to survive, in milliseconds. */
const SHORT_OUTAGE_MS = [300, 1_800] as const;
const KEY_LIMIT_MS = 30_000;
/** How far clocks step, in seconds: within what the grace would cover, beyond it, by an hour. */
const STEPS_S = [1, 3, 10, 60, 3_600] as const;

/** Does something during which Redis answers nobody, and another server may take over. */
async function without(
  site: Site,
  what: string,
  { fenced }: { readonly fenced: boolean },
  harm: () => Promise<void>,
): Promise<void> {
  const { reconnectMs, fenceMs } = site.timings;
  const mayFailOver = site.redis.failover !== undefined;
  const after = reconnectMs + (fenced || mayFailOver ? fenceMs : 0);
  await outage(site, { what: `redis: ${what}`, reach: "all", after }, async () => {
    await (mayFailOver ? disturbance(site, harm) : harm());
    if (mayFailOver) await untilWritable(site);
  });
  if (mayFailOver) await untilWhole(site);
}

async function restartRedis(site: Site, data: "kept" | "lost"): Promise<void> {
  const server = await site.redis.primary();
  await without(site, `restarted, its data ${data}`, { fenced: true }, () =>
    disturbance(site, () => server.restart({ data })),
  );
}

/** Starts it again with the files that it had some time ago, as if from a backup. */
async function rollBackRedis(site: Site, dice: Dice): Promise<void> {
  const server = await site.redis.primary();
  await using backup = await guardedFolder("backup");
  const folder = await withRedis(server.url, async (redis) => {
    const [, path] = await redis.config("GET", "dir");
    return join(String(path), "appendonlydir");
  });
  await cp(folder, backup.path, { recursive: true });
  const { spanMs } = site.timings;
  await pause(dice.chance(0.5) ? dice.between(500, spanMs) : dice.between(spanMs, spanMs + 2_000));
  await without(site, "rolled back", { fenced: true }, () =>
    disturbance(site, async () => {
      await server.kill();
      await rm(folder, { recursive: true });
      await cp(backup.path, folder, { recursive: true });
      await server.restart({ data: "kept" });
    }),
  );
}

async function pauseRedis(site: Site, dice: Dice): Promise<void> {
  const server = await site.redis.primary();
  await without(site, "paused", { fenced: false }, async () => {
    server.pause();
    await pause(dice.between(...SHORT_OUTAGE_MS));
    server.resume();
  });
}

async function flushRedis(site: Site): Promise<void> {
  const { url } = await site.redis.primary();
  await disturbance(site, () => withRedis(url, (redis) => redis.flushall()));
}

/** Deletes a key of the license; some are there only at times. */
function deleting(ending: string): Fault["fire"] {
  return async (site) => {
    const { url } = await site.redis.primary();
    await withRedis(url, (redis) =>
      until(`a key that ends in ${ending}`, KEY_LIMIT_MS, async () => {
        const keys = await redis.keys(`lease:{*}${ending}`);
        if (keys.length === 0) return undefined;
        return (await disturbance(site, () => redis.del(...keys))) > 0 ? true : undefined;
      }),
    );
  };
}

function hasClock({ redis }: Site): boolean {
  return redis.hasClocks;
}

/** Steps the clock, and makes sure that Redis goes by it. */
function stepping(direction: 1 | -1): Fault["fire"] {
  return async (site, dice) => {
    const { clock, url } = await site.redis.primary();
    const by = dice.pick(STEPS_S) * direction;
    let seen = 0;
    const step = () =>
      withRedis(url, async (redis) => {
        const before = Number((await redis.time())[0]);
        await disturbance(site, async () => clock?.stepBy(by));
        seen = Number((await redis.time())[0]) - before;
      });
    // A primary that believes not to have heard from its replicas for so long takes no writes.
    if (site.redis.failover === undefined) await step();
    else await without(site, "its clock stepped", { fenced: true }, step);
    if (Math.abs(seen - by) > 1) throw new Error(`stepped by ${by} s, but Redis saw ${seen} s`);
  };
}

function toAll(kind: Exclude<ProxyMode["kind"], "delay">): Fault["fire"] {
  return (site, dice) =>
    without(site, kind, { fenced: false }, () =>
      misbehave(site.redis.links, { kind }, dice, SHORT_OUTAGE_MS),
    );
}

async function slowRedis(site: Site, dice: Dice): Promise<void> {
  const mode = { kind: "delay", ms: Math.round(dice.between(20, 150)) } as const;
  await misbehave(site.redis.links, mode, dice, [500, 3_000]);
}

async function resetRedis(site: Site): Promise<void> {
  await without(site, "connections reset", { fenced: false }, async () => {
    for (const link of site.redis.links) link.reset();
  });
}
