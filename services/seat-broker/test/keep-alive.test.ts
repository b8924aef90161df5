import { LicenseState, msFromDuration, seatBroker } from "@leasehold/contracts";
import { testRedis } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { ClientProcess } from "./client-process.ts";
import { wayTo } from "./cut-off.ts";
import { openStream } from "./open-stream.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

const { RenewalOutcome } = seatBroker;

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({ brokers: 2 });
});
afterAll(() => running[Symbol.asyncDispose]());

async function licensed(pool: Pool = somePool(), at: RunningBrokers = running) {
  await at.issue(pool);
  const ada = await at.installation(pool);
  return { pool, ada, client: new ClientProcess(pool, ada.broker) };
}

async function heartbeatOf(client: ClientProcess): Promise<seatBroker.Heartbeat> {
  const { id, token } = await client.acquireWithin(5_000);
  return { leaseId: id.bytes, token };
}

test("the first message of a stream tells the license as it is", async () => {
  const { pool, ada } = await licensed();
  await using stream = await openStream(ada.broker);
  await vi.waitFor(() => expect(stream.received.length).toBeGreaterThan(1), { timeout: 10_000 });
  expect(stream.received[0]).toMatchObject({
    seq: 0n,
    event: {
      event: {
        $case: "licenseChanged",
        value: {
          license: pool.name,
          revision: 1n,
          state: LicenseState.ACTIVE,
          terms: { seats: 3, features: [{ feature: "dataflow" }, { feature: "diagrams" }] },
        },
      },
    },
  });
  expect(stream.received[1]).toMatchObject({ seq: 1n, renewals: [] });
});

test("one stream renews all leases of a process, each with a fresh token", async () => {
  const { ada, client } = await licensed();
  const heartbeats = [await heartbeatOf(client), await heartbeatOf(client)];
  await using stream = await openStream(ada.broker);
  const first = await stream.beat(heartbeats);
  expect(first.map(({ outcome }) => outcome)).toEqual([
    RenewalOutcome.RENEWED,
    RenewalOutcome.RENEWED,
  ]);
  expect(first.map(({ validity }) => msFromDuration(validity!))).toEqual([45_000, 45_000]);
  const second = await stream.beat(first.map(({ leaseId, token }) => ({ leaseId, token })));
  expect(second.map(({ outcome }) => outcome)).toEqual([
    RenewalOutcome.RENEWED,
    RenewalOutcome.RENEWED,
  ]);
});

test("a lease that was not proved on a stream is not renewed by it", async () => {
  const { pool, ada, client } = await licensed();
  const heartbeat = await heartbeatOf(client);
  const bob = await running.installation(pool);
  await using ofAda = await openStream(ada.broker);
  await using ofBob = await openStream(bob.broker);
  const forged = { ...heartbeat, token: Buffer.alloc(heartbeat.token.length, 1) };
  const invalid = [expect.objectContaining({ outcome: RenewalOutcome.TOKEN_INVALID })];
  expect(await ofAda.beat([forged])).toEqual(invalid);
  expect(await ofBob.beat([heartbeat])).toEqual(invalid);
  expect(await ofAda.beat([heartbeat])).toMatchObject([{ outcome: RenewalOutcome.RENEWED }]);
});

test("a released lease is told as gone, and stays so", async () => {
  const { ada, client } = await licensed();
  const heartbeat = await heartbeatOf(client);
  await using stream = await openStream(ada.broker);
  await stream.beat([heartbeat]);
  await ada.broker.releaseSeat({ leaseId: heartbeat.leaseId });
  const gone = [expect.objectContaining({ outcome: RenewalOutcome.EXPIRED })];
  expect(await stream.beat([heartbeat])).toEqual(gone);
  expect(await stream.beat([heartbeat])).toEqual(gone);
});

test("every change of a license reaches the open streams of all brokers, in order", async () => {
  const { pool, ada } = await licensed();
  await using here = await openStream(ada.at(0));
  await using there = await openStream(ada.at(1));
  for (const stream of [here, there])
    await vi.waitFor(() => expect(stream.changes()).toHaveLength(1), { timeout: 10_000 });
  for (const revision of [2n, 3n])
    await running.issue(somePool({ license: pool.license, revision, seats: 3 + Number(revision) }));
  for (const stream of [here, there])
    await vi.waitFor(
      () =>
        expect(stream.changes().map(({ revision, terms }) => [revision, terms?.seats])).toEqual([
          [1n, 3],
          [2n, 5],
          [3n, 6],
        ]),
      { timeout: 10_000 },
    );
});

test("streams of other licenses hear nothing of a change", async () => {
  const { pool } = await licensed();
  const other = await licensed();
  await using stream = await openStream(other.ada.broker);
  await stream.beat();
  await running.issue(somePool({ license: pool.license, revision: 2n }));
  await stream.beat();
  expect(stream.changes()).toHaveLength(1);
});

test("a license that nobody knows of has no stream", async () => {
  const ada = await running.installation(somePool());
  await using stream = await openStream(ada.broker);
  expect((await stream.ended)?.reason).toBe("NOT_FOUND");
});

test("a client that says it is done is answered to the end", async () => {
  const { ada, client } = await licensed();
  const heartbeat = await heartbeatOf(client);
  await using stream = await openStream(ada.broker);
  stream.flood(3, [heartbeat]);
  stream.end();
  expect(await stream.ended).toBeUndefined();
  expect(stream.received.filter(({ renewals }) => renewals.length > 0)).toHaveLength(3);
});

test("a client that does not wait for answers loses its stream, and nothing else", async () => {
  await using redis = await testRedis();
  await using way = await wayTo(redis.url);
  await using slow = await runningBrokers({ redisUrl: way.url });
  const { pool, ada, client } = await licensed(somePool(), slow);
  const heartbeat = await heartbeatOf(client);
  await using stream = await openStream(ada.broker);
  await stream.beat();
  way.narrow(1_000);
  stream.flood(200, [heartbeat]);
  expect((await stream.ended)?.reason).toBe("RATE_LIMITED");
  way.narrow();
  expect(typeof (await client.acquire(someLease(pool.license)))).toBe("object");
});

test("a message of more than 1,000 heartbeats ends the stream", async () => {
  const { ada, client } = await licensed();
  const { leaseId } = await heartbeatOf(client);
  await using stream = await openStream(ada.broker);
  stream.flood(
    1,
    Array.from({ length: 1_001 }, () => ({ leaseId, token: Buffer.alloc(8) })),
  );
  expect((await stream.ended)?.reason).toBe("INVALID_REQUEST");
});

test("a broker that goes away says goodbye on every stream, and lets them go on until they leave", async () => {
  await using leaving = await runningBrokers();
  const pool = somePool();
  await leaving.issue(pool);
  const ada = await leaving.installation(pool);
  const client = new ClientProcess(pool, ada.broker);
  const heartbeat = await heartbeatOf(client);
  await using first = await openStream(ada.broker);
  await using second = await openStream(ada.broker);
  await first.beat([heartbeat]);
  await second.beat();
  const stopped = leaving.stop();
  for (const stream of [first, second])
    await vi.waitFor(() => expect(stream.drainings()).toHaveLength(1), { timeout: 10_000 });
  const [wait] = first.drainings();
  expect(msFromDuration(wait!.retryAfter!)).toBeLessThanOrEqual(250);
  expect(await first.beat([heartbeat])).toMatchObject([{ outcome: RenewalOutcome.RENEWED }]);
  first.end();
  expect(await first.ended).toBeUndefined();
  // Whoever does not leave is shown out.
  expect((await second.ended)?.reason).toBe("DRAINING");
  await stopped;
});
