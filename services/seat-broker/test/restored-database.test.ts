import { readFile } from "node:fs/promises";
import { openPostgres } from "@leasehold/store-kit";
import { startRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { ClientProcess } from "./client-process.ts";
import { runningBrokers } from "./running-brokers.ts";
import { somePool } from "./some-pool.ts";

const PATIENCE_MS = 30_000;

/** What an operator runs after putting the database back. */
const RAISE = readFile(
  new URL("../../../deploy/recovery/raise-epochs.sql", import.meta.url),
  "utf8",
);

async function scene() {
  await using stack = new AsyncDisposableStack();
  const redis = stack.use(await startRedis({ appendonly: true }));
  const running = stack.use(await runningBrokers({ redisUrl: redis.url }));
  const pool = somePool({ seats: 2, validityMs: 6_000, graceMs: 1_000 });
  await running.issue(pool);
  const open = stack.move();
  const postgres = open.use(
    openPostgres({
      url: running.postgres.url,
      poolSize: 1,
      statementTimeoutMs: 5_000,
      applicationName: "operator",
    }),
  );
  return {
    running,
    sql: (text: string) => postgres.query({ text }),
    loseRedis: async () => {
      const client = new Redis(redis.url);
      await client.flushall();
      client.disconnect();
    },
    newHolder: async () => {
      const installation = await running.installation(pool);
      const holder = new ClientProcess(pool, () => installation.at(0));
      await holder.acquireWithin(PATIENCE_MS);
      return holder;
    },
    beat: (holder: ClientProcess) => open.defer(holder.keepBeating()),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

test("after a restored backup live seats stay held, and fencing tokens rise over the next loss of data", async () => {
  await using s = await scene();
  await s.sql("create table backup as select license, lease_epoch from pool");
  await s.loseRedis();
  const holder = await s.newHolder();
  s.beat(holder);
  const before = holder.held[0]!.fence;
  await s.sql(
    "update pool set lease_epoch = backup.lease_epoch from backup where backup.license = pool.license",
  );
  await s.sql(await RAISE);
  await s.running.restart();
  expect(holder.held[0]!.until).toBeUndefined();
  await s.loseRedis();
  const later = await s.newHolder();
  expect(later.held[0]!.fence).toBeGreaterThan(before);
  expect(holder.held[0]!.until).toBeUndefined();
});
