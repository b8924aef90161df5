import { seatBroker } from "@leasehold/contracts";
import { openPostgres, type Postgres } from "@leasehold/store-kit";
import { systemClock, uuidBytes } from "@leasehold/kernel";
import { testRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { postgresAdministration } from "../src/store/postgres-administration.ts";
import { ClientProcess, type Held } from "./client-process.ts";
import { openStream } from "./open-stream.ts";
import { openWait } from "./open-wait.ts";
import { problemOf, reasonOf } from "./problem-of.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool, someUuid } from "./some-pool.ts";

const LONG = { timeout: 10_000, interval: 10 };
const REASON = "leaves the company";

let running: RunningBrokers;
let postgres: Postgres;
let redis: Redis;
const stack = new AsyncDisposableStack();
beforeAll(async () => {
  const { url } = stack.use(await testRedis());
  redis = stack.adopt(new Redis(url), (client) => client.disconnect());
  running = stack.use(await runningBrokers({ brokers: 2, redisUrl: url }));
  const access = { poolSize: 1, statementTimeoutMs: 5_000, applicationName: "administration-test" };
  postgres = stack.use(openPostgres({ url: running.postgres.url, ...access }));
});
afterAll(() => stack.disposeAsync());

async function licensed(given: Parameters<typeof somePool>[0] = {}) {
  const pool = somePool(given);
  await running.issue(pool);
  const ada = await running.installation(pool);
  const client = new ClientProcess(pool, ada.broker);
  return { pool, ada, client, held: await client.acquireWithin(5_000) };
}

function revoke({ id }: Pick<Held, "id">, given: { immediate?: boolean; broker?: number } = {}) {
  const { immediate = false, broker = 0 } = given;
  return running.desk(broker).revokeSeat({ leaseId: id.bytes, reason: REASON, immediate });
}

function heartbeatOf({ id, token }: Held): seatBroker.Heartbeat {
  return { leaseId: id.bytes, token };
}

async function openedAt(...brokers: Parameters<typeof openStream>) {
  const stream = await openStream(...brokers);
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(1), LONG);
  return stream;
}

test("whoever holds a seat that is taken back is told at once and why, whichever seat-broker it is at", async () => {
  const { pool, ada, client, held } = await licensed();
  const bob = await running.installation(pool);
  const other = await licensed();
  await using here = await openedAt(ada.at(0));
  await using there = await openedAt(ada.at(1));
  await using ofBob = await openedAt(bob.at(1));
  await using ofOther = await openedAt(other.ada.at(1));
  await revoke(held);
  for (const stream of [here, there])
    await vi.waitFor(
      () => expect(stream.revocations()).toEqual([{ leaseId: held.id.bytes, reason: REASON }]),
      LONG,
    );
  expect(await client.beat([held])).toEqual(["REVOKED"]);
  for (const stream of [ofBob, ofOther]) {
    await stream.beat();
    expect(stream.revocations()).toEqual([]);
  }
});

test("a seat that was taken back is granted again as soon as its holder has released it", async () => {
  const { pool, client, held } = await licensed({ seats: 1 });
  const successor = new ClientProcess(pool, (await running.installation(pool)).at(1));
  await revoke(held);
  expect(await client.beat([held])).toEqual(["REVOKED"]);
  expect(await successor.acquire()).toBe("NO_SEATS");
  await client.release(held);
  expect(typeof (await successor.acquire())).toBe("object");
});

test("a seat that is freed at once goes to whoever waits for it", async () => {
  const { pool, ada, held } = await licensed({ seats: 1 });
  const id = someLease(pool.license);
  await using waiter = openWait(ada.at(1), id.bytes);
  await vi.waitFor(() => expect(waiter.ahead).toEqual([0]), LONG);
  await revoke(held, { immediate: true });
  expect(await waiter.ended).toBe("offer");
});

test("the holder of a seat is told by what it proved where a loss of data hides whose the seat is", async () => {
  const { pool, ada, held } = await licensed();
  await using stream = await openedAt(ada.at(1));
  await stream.beat([heartbeatOf(held)]);
  await loseData(pool);
  // Not while an earlier primary may be at work.
  await vi.waitFor(() => revoke(held), LONG);
  await vi.waitFor(() => expect(stream.revocations()).toHaveLength(1), LONG);
  expect(await stream.beat([heartbeatOf(held)])).toMatchObject([
    { outcome: seatBroker.RenewalOutcome.REVOKED },
  ]);
});

test("a seat-broker that could not hear of a seat taken back tells the holder when it hears again", async () => {
  const { ada, held } = await licensed();
  await using stream = await openedAt(ada.at(1));
  await postgres.query({
    text: "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()",
  });
  await revoke(held);
  await vi.waitFor(() => expect(stream.revocations()).toHaveLength(1), LONG);
});

test("what a seat-broker had no time to do when a seat was taken back, the others do", async () => {
  const { pool, ada, client, held } = await licensed({ seats: 1 });
  await using stream = await openedAt(ada.at(1));
  const time = systemClock.now();
  await postgresAdministration(postgres).revoke({
    license: pool.license,
    id: held.id,
    installation: ada.id,
    immediate: true,
    reason: REASON,
    subject: "desk",
    time,
    forgetTime: time + 60_000,
  });
  await vi.waitFor(() => expect(stream.revocations()).toHaveLength(1), LONG);
  expect(await client.beat([held])).toEqual(["REVOKED"]);
  const successor = new ClientProcess(pool, ada.broker);
  expect(typeof (await successor.acquire())).toBe("object");
});

test("of heartbeats and a seat taken back at the same time, none renews once that was answered", async () => {
  const { pool, ada, held: first } = await licensed({ seats: 20 });
  const client = new ClientProcess(pool, ada.broker);
  const all = [first];
  while (all.length < 20) all.push(await client.acquireWithin(5_000));
  const beats = all.flatMap((held) =>
    [0, 1, 0, 1].map((broker) => ada.at(broker).renewSeats({ heartbeats: [heartbeatOf(held)] })),
  );
  await Promise.all(all.flatMap((held) => [0, 1].map((broker) => revoke(held, { broker }))));
  const after = await client.beat(all);
  expect(new Set(after)).toEqual(new Set(["REVOKED"]));
  for (const { renewals } of await Promise.all(beats))
    expect([seatBroker.RenewalOutcome.RENEWED, seatBroker.RenewalOutcome.REVOKED]).toContain(
      renewals[0]?.outcome,
    );
  const text = "select count(*) from administration_act where license = $1";
  expect(await postgres.query({ text, values: [pool.license] })).toEqual([{ count: 20n }]);
});

test("a lease of another license, of none, or that is over is not found", async () => {
  const { pool, client, held } = await licensed();
  const other = await licensed();
  const foreign = Buffer.concat([uuidBytes(other.pool.license), held.id.bytes.subarray(16)]);
  const call = (leaseId: Buffer) =>
    reasonOf(running.desk().revokeSeat({ leaseId, reason: "", immediate: true }));
  expect(await call(foreign)).toBe("NOT_FOUND");
  expect(await call(someLease(someUuid()).bytes)).toBe("NOT_FOUND");
  expect(await call(someLease(pool.license).bytes)).toBe("NOT_FOUND");
  expect(await client.beat([held])).toEqual(["RENEWED"]);
  await client.release(held);
  expect(await call(held.id.bytes)).toBe("NOT_FOUND");
});

test.each([
  ["no lease id", { leaseId: Buffer.alloc(0) }, "lease_id"],
  ["a lease id of 33 bytes", { leaseId: Buffer.alloc(33, 0x77) }, "lease_id"],
  ["a lease id that ends in no UUIDv7", { leaseId: Buffer.alloc(32, 0x44) }, "lease_id"],
  ["a reason of 501 code points", { reason: "😀".repeat(501) }, "reason"],
  ["a reason with a line break", { reason: "a\nb" }, "reason"],
  ["a reason that turns the direction", { reason: "a\u202eb" }, "reason"],
])("to take a seat back with %s is refused", async (_, given, field) => {
  const request = { leaseId: someLease(someUuid()).bytes, reason: "", immediate: false, ...given };
  const problem = await problemOf(running.desk().revokeSeat(request));
  expect(problem.reason).toBe("INVALID_REQUEST");
  expect(problem.violations.map((violation) => violation.field)).toEqual([field]);
});

test("a reason of 500 code points reaches the holder whole", async () => {
  const { ada, held } = await licensed();
  await using stream = await openedAt(ada.at(1));
  const reason = `'; drop table revocation; -- ${"😀".repeat(471)}`;
  await running.desk().revokeSeat({ leaseId: held.id.bytes, reason, immediate: false });
  await vi.waitFor(() => expect(stream.revocations()[0]?.reason).toBe(reason), LONG);
});

test("streams of all seat-brokers are told that a pool is drained and resumed, and of its terms as ever", async () => {
  const { pool, ada } = await licensed();
  await using here = await openedAt(ada.at(0));
  await using there = await openedAt(ada.at(1));
  const told = (count: number) =>
    Promise.all(
      [here, there].map((stream) =>
        vi.waitFor(() => expect(stream.changes()).toHaveLength(count), LONG),
      ),
    );
  await running.desk().drainPool({ license: pool.name });
  await told(2);
  await running.issue(somePool({ license: pool.license, revision: 2n, seats: 4 }));
  await told(3);
  await using late = await openedAt(ada.at(0));
  await running.desk(1).resumePool({ license: pool.name });
  await told(4);
  for (const stream of [here, there])
    expect(stream.changes().map(({ revision, drained }) => [revision, drained])).toEqual([
      [1n, false],
      [1n, true],
      [2n, true],
      [2n, false],
    ]);
  await vi.waitFor(
    () => expect(late.changes().map(({ drained }) => drained)).toEqual([true, false]),
    LONG,
  );
});

test("whoever waits for a seat of a drained pool waits on, and gets it when the pool is resumed", async () => {
  const { pool, ada, client, held } = await licensed({ seats: 1 });
  const id = someLease(pool.license);
  await using waiter = openWait(ada.at(1), id.bytes);
  await vi.waitFor(() => expect(waiter.ahead).toEqual([0]), LONG);
  await running.desk().drainPool({ license: pool.name });
  await client.release(held);
  expect(await client.acquire()).toBe("POOL_DRAINED");
  await using another = openWait(ada.at(0), someLease(pool.license).bytes);
  await vi.waitFor(() => expect(another.ahead).toEqual([1]), LONG);
  expect(waiter.offered()).toBe(false);
  await running.desk().resumePool({ license: pool.name });
  expect(await waiter.ended).toBe("offer");
  expect(typeof (await client.acquire(id))).toBe("object");
});

test("a drained pool stays drained when seat-brokers start anew and Redis has lost everything", async () => {
  const times = { validityMs: 3_000, graceMs: 1_000 };
  const { pool, client, held } = await licensed(times);
  await client.release(held);
  await running.desk().drainPool({ license: pool.name });
  await loseData(pool);
  await running.restart(0);
  await vi.waitFor(async () => expect(await client.acquire()).toBe("POOL_DRAINED"), LONG);
  expect((await listed(pool)).pool).toMatchObject({ drained: true });
});

test.each(["drainPool", "resumePool"] as const)(
  "%s needs the name of a license that there is",
  async (method) => {
    const { pool } = await licensed();
    const call = (license: string) => reasonOf(running.desk()[method]({ license }));
    for (const name of ["", "licenses/x", `${pool.name}/`, `customers/${"a".repeat(10_000)}`])
      expect(await call(name)).toBe("INVALID_REQUEST");
    expect(await call(`customers/acme/licenses/${someUuid()}`)).toBe("NOT_FOUND");
    expect(await call(`customers/other/licenses/${pool.license}`)).toBe("NOT_FOUND");
    expect(await call("customers/acme/licenses/no-uuid")).toBe("NOT_FOUND");
  },
);

test("only administrators take seats back and drain pools", async () => {
  const { pool, ada, client, held } = await licensed();
  const calls = (broker: typeof ada.broker) => [
    broker.revokeSeat({ leaseId: held.id.bytes, reason: "", immediate: true }),
    broker.drainPool({ license: pool.name }),
    broker.resumePool({ license: pool.name }),
  ];
  for (const call of calls(ada.broker)) expect(await reasonOf(call)).toBe("PERMISSION_DENIED");
  for (const call of calls(running.client())) expect(await reasonOf(call)).toBe("UNAUTHENTICATED");
  expect(await client.beat([held])).toEqual(["RENEWED"]);
  expect(typeof (await client.acquire())).toBe("object");
});

function listed({ name }: Pool) {
  return running.desk().listSeats({ parent: name, pageSize: 0, pageToken: "", filter: undefined });
}

async function loseData({ license }: Pool): Promise<void> {
  const tag = Buffer.from(uuidBytes(license)).toString("base64url");
  await redis.del(...(await redis.keys(`lease:{${tag}}:*`)));
}
