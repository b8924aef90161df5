import { durationFromMs, seatBroker } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { ClientProcess } from "./client-process.ts";
import { openStream } from "./open-stream.ts";
import { openWait } from "./open-wait.ts";
import { problemOf } from "./problem-of.ts";
import { type Installation, type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool, someUuid } from "./some-pool.ts";

const DISABLED = "INSTALLATION_DISABLED";
const WITHIN = { timeout: 10_000 };

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({ brokers: 2 });
});
afterAll(() => running[Symbol.asyncDispose]());

async function licensed(given: Parameters<typeof somePool>[0] = {}) {
  const pool = somePool(given);
  await running.issue(pool);
  const ada = await running.installation(pool);
  const client = new ClientProcess(pool, ada.broker);
  return { pool, ada, client };
}

/** Bars installations, and waits until every broker refuses the first of them, or none any more. */
async function bar(pool: Pool, barred: readonly Installation[], probe = barred[0]): Promise<void> {
  running.activation.bar(
    pool,
    barred.map(({ id }) => id),
  );
  const expected = barred.length === 0 ? undefined : DISABLED;
  for (const broker of [0, 1])
    await vi.waitFor(async () => {
      const reason = await reasonOf(probe!, pool, broker);
      expect(reason === DISABLED ? DISABLED : undefined).toBe(expected);
    }, WITHIN);
}

/** Why a lease id that nobody uses is not granted; nothing is taken by asking. */
async function reasonOf(installation: Installation, pool: Pool, broker: number) {
  const id = someLease(pool.license);
  const client = new ClientProcess(pool, installation.at(broker));
  const outcome = await client.acquire(id);
  if (typeof outcome === "string") return outcome;
  await client.release(outcome);
  return "granted";
}

test("a barred installation gets no seat at any broker, keeps none, and others have what it leaves", async () => {
  const { pool, ada, client } = await licensed({ seats: 1 });
  const held = await client.acquireWithin(5_000);
  const bob = new ClientProcess(pool, (await running.installation(pool)).broker);
  expect(await bob.acquire()).toBe("NO_SEATS");
  await bar(pool, [ada]);
  expect(await client.beat([held])).toEqual(["REVOKED"]);
  expect(await client.acquire()).toBe(DISABLED);
  expect(await client.acquire(held.id)).toBe(DISABLED);
  // What it has it may give back.
  await client.release(held);
  await bob.acquireWithin(5_000);
});

test("it is told of each of its seats through its open stream, at every broker, and nobody else is", async () => {
  const { pool, ada, client } = await licensed();
  const bob = await running.installation(pool);
  const bobs = new ClientProcess(pool, bob.broker);
  const [one, two, other] = [
    await client.acquireWithin(5_000),
    await client.acquireWithin(5_000),
    await bobs.acquireWithin(5_000),
  ];
  const heartbeat = ({ id, token }: typeof one) => ({ leaseId: id.bytes, token });
  await using here = await openStream(ada.broker);
  await using there = await openStream(ada.at(1));
  await using ofBob = await openStream(bob.broker);
  await here.beat([heartbeat(one)]);
  await there.beat([heartbeat(two)]);
  await ofBob.beat([heartbeat(other)]);
  running.activation.bar(pool, [ada.id]);
  for (const [stream, { id }] of [
    [here, one],
    [there, two],
  ] as const)
    await vi.waitFor(
      () => expect(stream.revocations()).toEqual([{ leaseId: id.bytes, reason: DISABLED }]),
      WITHIN,
    );
  const [renewal] = await here.beat([heartbeat(one)]);
  expect(renewal?.outcome).toBe(seatBroker.RenewalOutcome.REVOKED);
  const [others] = await ofBob.beat([heartbeat(other)]);
  expect(others?.outcome).toBe(seatBroker.RenewalOutcome.RENEWED);
  expect(ofBob.revocations()).toEqual([]);
});

test("the seat of one that says nothing more is free once it would have run out", async () => {
  const { pool, ada, client } = await licensed({ seats: 1, validityMs: 3_000, graceMs: 1_000 });
  await client.acquireWithin(5_000);
  const stop = client.keepBeating();
  await bar(pool, [ada]);
  const bob = new ClientProcess(pool, (await running.installation(pool)).broker);
  await bob.acquireWithin(10_000);
  expect(client.relying()).toEqual([]);
  await stop();
});

test("who waits while it is barred is told at once, and waits no more", async () => {
  const { pool, client } = await licensed({ seats: 1 });
  await client.acquireWithin(5_000);
  const bob = await running.installation(pool);
  await using waiting = openWait(bob.broker, someLease(pool.license).bytes);
  await vi.waitFor(() => expect(waiting.ahead.length).toBeGreaterThan(0), WITHIN);
  running.activation.bar(pool, [bob.id]);
  expect(await waiting.ended).toMatchObject({ reason: DISABLED });
});

test("it borrows nothing", async () => {
  const { pool, ada, client } = await licensed({ policy: { ...OPEN_POLICY, offlineDays: 3 } });
  const { id, token } = await client.acquireWithin(5_000);
  await bar(pool, [ada]);
  const duration = durationFromMs(86_400_000);
  const problem = await problemOf(ada.broker.borrowSeat({ leaseId: id.bytes, token, duration }));
  expect(problem.reason).toBe(DISABLED);
});

test("once it is barred no more it competes again, and what was not stopped goes on", async () => {
  const { pool, ada, client } = await licensed();
  const held = await client.acquireWithin(5_000);
  await bar(pool, [ada]);
  await bar(pool, [], ada);
  expect(await client.beat([held])).toEqual(["RENEWED"]);
  expect(typeof (await client.acquire())).toBe("object");
});

test("a change of the license leaves it barred", async () => {
  const { pool, ada, client } = await licensed();
  await bar(pool, [ada]);
  await running.issue(somePool({ ...pool.terms, license: pool.license, revision: 2n, seats: 9 }));
  expect(await client.acquire()).toBe(DISABLED);
});

test("a broker that starts without activation knows who is barred", async () => {
  await using alone = await runningBrokers();
  const pool = somePool();
  await alone.issue(pool);
  const ada = await alone.installation(pool);
  alone.activation.bar(pool, [ada.id]);
  const refused = async () => {
    const client = new ClientProcess(pool, alone.client(ada.headers));
    expect(await client.acquire()).toBe(DISABLED);
  };
  await vi.waitFor(refused, WITHIN);
  await alone.stopActivation();
  await alone.restart();
  await refused();
  const bob = await alone.installation(pool);
  await new ClientProcess(pool, alone.client(bob.headers)).acquireWithin(5_000);
});

test("twenty who compete while one after the other is barred: in the end only those have seats who are not", async () => {
  const { pool, ada } = await licensed({ seats: 50 });
  const machines = [ada];
  while (machines.length < 20) machines.push(await running.installation(pool));
  const barred = machines.filter((_, index) => index % 2 === 0);
  const clients = machines.map((machine) => new ClientProcess(pool, machine.broker));
  const competing = clients.map(async (client) => {
    for (let round = 0; round < 10; round += 1) await client.acquire();
  });
  for (let count = 1; count <= barred.length; count += 1)
    running.activation.bar(
      pool,
      barred.slice(0, count).map(({ id }) => id),
    );
  await Promise.all(competing);
  await bar(pool, barred, barred.at(-1));
  for (const [index, client] of clients.entries()) {
    const outcomes = new Set(await client.beat());
    expect(outcomes).toEqual(
      new Set(outcomes.size === 0 ? [] : [index % 2 ? "RENEWED" : "REVOKED"]),
    );
  }
});

test("names that are no installations are passed over", async () => {
  const { pool, client } = await licensed();
  running.activation.bar(pool, ["nonsense" as never, someUuid()]);
  await running.issue(somePool({ ...pool.terms, license: pool.license, revision: 2n }));
  expect(typeof (await client.acquire())).toBe("object");
});
