import { seatBroker } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { ClientProcess } from "./client-process.ts";
import { openStream } from "./open-stream.ts";
import { problemOf } from "./problem-of.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

const HOLDER = { installation: "", user: "u", host: "h", process: "p", applicationVersion: "1" };
const DAY_MS = 86_400_000;

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({ brokers: 2 });
});
afterAll(() => running[Symbol.asyncDispose]());

async function licensed(pool: Pool = somePool()) {
  await running.issue(pool);
  const ada = await running.installation(pool);
  const acquire = () =>
    ada.broker.acquireSeat({
      leaseId: someLease(pool.license).bytes,
      holder: HOLDER,
      claim: undefined,
    });
  return { pool, ada, acquire, client: new ClientProcess(pool, ada.broker) };
}

function changed(pool: Pool, revision: bigint, to: Parameters<typeof somePool>[0]): Pool {
  return somePool({ ...pool.terms, license: pool.license, revision, ...to });
}

async function live(pool: Pool): Promise<number> {
  const page = await running
    .desk()
    .listSeats({ parent: pool.name, pageSize: 0, pageToken: "", filter: undefined });
  return page.pool!.live;
}

test("seats that were added can be had at once, through every broker", async () => {
  const { pool, ada } = await licensed(somePool({ seats: 1 }));
  const clients = [0, 1].map((broker) => new ClientProcess(pool, ada.at(broker)));
  await clients[0]!.acquireWithin(5_000);
  expect(await clients[1]!.acquire()).toBe("NO_SEATS");
  await running.issue(changed(pool, 2n, { seats: 3 }));
  for (const client of clients) expect(typeof (await client.acquire())).toBe("object");
  for (const client of clients) expect(await client.acquire()).toBe("NO_SEATS");
});

test("fewer seats than are live end no lease, and grant none until enough were given back", async () => {
  const { pool, client } = await licensed(somePool({ seats: 4 }));
  const held = [];
  for (let i = 0; i < 4; i += 1) held.push(await client.acquireWithin(5_000));
  await running.issue(changed(pool, 2n, { seats: 2 }));
  expect(new Set(await client.beat())).toEqual(new Set(["RENEWED"]));
  expect(await live(pool)).toBe(4);
  for (const [given, expected] of [
    [1, "NO_SEATS"],
    [2, "NO_SEATS"],
    [3, "object"],
  ] as const) {
    await client.release(held[given - 1]!);
    const outcome = await client.acquire();
    expect(typeof outcome === "string" ? outcome : "object").toBe(expected);
  }
  expect(await live(pool)).toBe(2);
});

test("terms that arrive out of order do not undo newer ones", async () => {
  const { pool, client } = await licensed(somePool({ seats: 1, revision: 5n }));
  await client.acquireWithin(5_000);
  running.activation.put(changed(pool, 4n, { seats: 100 }));
  await running.issue(changed(pool, 6n, { seats: 1 }));
  expect(await client.acquire()).toBe("NO_SEATS");
});

test.each([
  ["SUSPENDED", "LICENSE_SUSPENDED"],
  ["REVOKED", "LICENSE_REVOKED"],
] as const)("of a license that is %s nothing is granted or renewed", async (state, reason) => {
  const { pool, ada, client } = await licensed();
  const held = await client.acquireWithin(5_000);
  await using stream = await openStream(ada.broker);
  await running.issue(changed(pool, 2n, { state }));
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(2), { timeout: 10_000 });
  const [renewal] = await stream.beat([{ leaseId: held.id.bytes, token: held.token }]);
  expect(renewal?.outcome).toBe(seatBroker.RenewalOutcome.REVOKED);
  expect(await client.beat([held])).toEqual(["REVOKED"]);
  expect(await client.acquire()).toBe(reason);
  expect(await client.acquire(held.id)).toBe(reason);
  await client.release(held);
  expect(await live(pool)).toBe(0);
});

test("a license that is resumed grants again, and what was not stopped goes on", async () => {
  const { pool, client } = await licensed();
  const held = await client.acquireWithin(5_000);
  await running.issue(changed(pool, 2n, { state: "SUSPENDED" }));
  await running.issue(changed(pool, 3n, {}));
  expect(await client.beat([held])).toEqual(["RENEWED"]);
  expect(typeof (await client.acquire())).toBe("object");
});

test("before its term a license grants nothing, and tells when it begins", async () => {
  const startTime = Math.floor(Date.now() / 1_000) * 1_000 + DAY_MS;
  const { acquire } = await licensed(somePool({ startTime }));
  const problem = await problemOf(acquire());
  expect(problem.reason).toBe("LICENSE_NOT_STARTED");
  expect(problem.metadata["start_time"]).toBe(new Date(startTime).toISOString());
});

test("at the end of its term a license grants and renews nothing any more", async () => {
  const { pool, client, acquire } = await licensed();
  const held = await client.acquireWithin(5_000);
  const endTime = Date.now() - 1_000;
  await running.issue(changed(pool, 2n, { endTime }));
  expect(await client.beat([held])).toEqual(["REVOKED"]);
  const problem = await problemOf(acquire());
  expect(problem.reason).toBe("LICENSE_EXPIRED");
  expect(problem.metadata["end_time"]).toBe(new Date(endTime).toISOString());
});

test("the end of a term that passes ends renewals by itself", async () => {
  const { client } = await licensed(somePool({ endTime: Date.now() + 2_000 }));
  const held = await client.acquireWithin(5_000);
  expect(await client.beat([held])).toEqual(["RENEWED"]);
  await vi.waitFor(async () => expect(await client.beat([held])).toEqual(["REVOKED"]), {
    timeout: 10_000,
    interval: 100,
  });
});

test("other lease times hold from the next renewal on", async () => {
  const { pool, client } = await licensed();
  const held = await client.acquireWithin(5_000);
  const before = held.deadline;
  await running.issue(changed(pool, 2n, { validityMs: 600_000 }));
  await client.beat([held]);
  expect(held.deadline - before).toBeGreaterThan(500_000);
});

test("a license that changed before its pool was ever set up is set up as it is now", async () => {
  const { pool, client } = await licensed(somePool({ seats: 1 }));
  await running.issue(changed(pool, 2n, { seats: 2 }));
  for (let i = 0; i < 2; i += 1) await client.acquireWithin(5_000);
  expect(await client.acquire()).toBe("NO_SEATS");
});

test("without activation the broker goes on by what it has, and catches up afterwards", async () => {
  await using alone = await runningBrokers();
  const pool = somePool({ seats: 1 });
  await alone.issue(pool);
  const client = new ClientProcess(pool, (await alone.installation(pool)).broker);
  await alone.stopActivation();
  const held = await client.acquireWithin(5_000);
  expect(await client.beat([held])).toEqual(["RENEWED"]);
  alone.activation.put(changed(pool, 2n, { seats: 2 }));
  expect(await client.acquire()).toBe("NO_SEATS");
  await alone.startActivation();
  await vi.waitFor(async () => expect(typeof (await client.acquire())).toBe("object"), {
    timeout: 15_000,
    interval: 100,
  });
  // It asked for what it had not dealt with, not for everything again.
  expect(alone.activation.watchedAfter.at(-1)).toBe(1n);
});

test("a broker started without activation knows installations and terms from before", async () => {
  await using alone = await runningBrokers();
  const pool = somePool({ seats: 1 });
  await alone.issue(pool);
  const { headers } = await alone.installation(pool);
  await alone.stopActivation();
  await alone.restart();
  const client = new ClientProcess(pool, alone.client(headers));
  await client.acquireWithin(5_000);
  expect(await client.acquire()).toBe("NO_SEATS");
});

test("without Postgres a pool that is set up grants, renews and takes back as before", async () => {
  await using alone = await runningBrokers();
  const [known, never] = [somePool({ seats: 2 }), somePool()];
  for (const pool of [known, never]) await alone.issue(pool);
  const ada = await alone.installation(known);
  const client = new ClientProcess(known, ada.broker);
  const held = await client.acquireWithin(5_000);
  alone.postgres.cut();
  const second = await client.acquireWithin(1_000);
  expect(await client.beat()).toEqual(["RENEWED", "RENEWED"]);
  await using stream = await openStream(ada.broker);
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(1), { timeout: 10_000 });
  await client.release(held);
  await client.release(second);
  const stranger = new ClientProcess(never, (await alone.installation(never)).broker);
  expect(await stranger.acquire()).toBe("DEPENDENCY_UNAVAILABLE");
  alone.postgres.mend();
  await stranger.acquireWithin(10_000);
  // What changed meanwhile arrives.
  await alone.issue(changed(known, 2n, { seats: 1 }));
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(2), { timeout: 10_000 });
});
