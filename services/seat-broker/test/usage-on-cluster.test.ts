import { seatBroker } from "@leasehold/contracts";
import { systemClock } from "@leasehold/kernel";
import { openRedis } from "@leasehold/store-kit";
import { startRedisCluster } from "@leasehold/testkit";
import { expect, test, vi } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { redisSeatStore } from "../src/store/redis-seat-store.ts";
import { ClientProcess } from "./client-process.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";
import { keyOf } from "./written-ledger.ts";

const PATIENCE = { timeout: 15_000, interval: 50 };
const FENCE_MS = 5_000;
const { SessionEnd } = seatBroker;

async function endsOf(running: RunningBrokers, pool: Pool) {
  const all = { parent: pool.name, pageSize: 0, pageToken: "", filter: undefined };
  const { sessions } = await running.usage().listSessions(all);
  return sessions.map(({ end }) => end).toSorted((a, b) => a - b);
}

test("on a Redis Cluster the usage of licenses on every node is taken over, touched or found by a sweep", async () => {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startRedisCluster());
  const options = { redisUrl: cluster.url, settings: { SEAT_BROKER_FENCE: `${FENCE_MS}ms` } };
  const running = stack.use(await runningBrokers(options));
  const pools: Pool[] = [];
  const nodes = new Set<unknown>();
  while (nodes.size < 3 || pools.length < 6) {
    const pool = somePool();
    pools.push(pool);
    nodes.add(await cluster.primaryOf(keyOf(pool.license, "m")));
  }
  for (const pool of pools) {
    await running.issue(pool);
    const client = ClientProcess.of(pool, await running.installation(pool));
    await client.release(await client.acquireWithin(PATIENCE.timeout));
  }
  await vi.waitFor(async () => {
    for (const pool of pools) expect(await endsOf(running, pool)).toEqual([SessionEnd.RELEASED]);
  }, PATIENCE);
  // A broker that dies before it takes anything over.
  const redis = stack.use(await openRedis({ url: cluster.url, commandTimeoutMs: 5_000 }));
  const dying = redisSeatStore({
    redis,
    clock: systemClock,
    fenceMs: FENCE_MS,
    apart: setImmediate,
  });
  const claim = { seats: 1, features: [] };
  for (const { license, revision } of pools) {
    const request = { license, id: someLease(license), holder: someHolder(), claim };
    const { kind } = await dying.acquire(request, { packed: "", priority: 0, revision });
    expect(kind).toBe("granted");
  }
  await running.restart();
  await vi.waitFor(async () => {
    for (const pool of pools)
      expect(await endsOf(running, pool)).toEqual([SessionEnd.UNSPECIFIED, SessionEnd.RELEASED]);
  }, PATIENCE);
}, 60_000);
