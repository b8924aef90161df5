import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { LeaseId } from "../src/domain/lease-id.ts";
import type { Pool } from "../src/domain/pool.ts";
import { ClientProcess, type Held, mostHeldAtOnce } from "./client-process.ts";
import { type OpenedWait, openWait } from "./open-wait.ts";
import { type Installation, type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool, someUuid } from "./some-pool.ts";

const BROKERS = 2;
/** Longer than a dead waiter counts, with room for a busy machine. */
const LONG = { timeout: 10_000, interval: 10 };

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({ brokers: BROKERS });
});
afterAll(() => running[Symbol.asyncDispose]());

interface Scene extends AsyncDisposable {
  readonly pool: Pool;
  readonly ada: Installation;
  readonly client: ClientProcess;
  /** One lease for each seat. */
  readonly holders: readonly Held[];
  /** Waits, and has its place once this resolves. */
  readonly wait: (broker?: number, id?: LeaseId, ticket?: Buffer) => Promise<Waiter>;
}

interface Waiter extends OpenedWait {
  readonly id: LeaseId;
}

/** A license all of whose seats are taken. */
async function taken(given: Parameters<typeof somePool>[0] = { seats: 1 }): Promise<Scene> {
  const pool = somePool(given);
  await running.issue(pool);
  const ada = await running.installation(pool);
  const client = new ClientProcess(pool, ada.broker);
  const holders: Held[] = [];
  for (let i = 0; i < pool.terms.seats; i += 1) holders.push(await client.acquireWithin(5_000));
  const stack = new AsyncDisposableStack();
  return {
    pool,
    ada,
    client,
    holders,
    wait: async (broker = 0, id = someLease(pool.license), ticket?: Buffer) => {
      const waiter = stack.use({ ...openWait(ada.at(broker), id.bytes, ticket), id });
      await vi.waitFor(() => expect(waiter.offered() || waiter.ahead.length > 0).toBe(true), LONG);
      return waiter;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

test("whoever waits is told its place, and is offered the seat that becomes free", async () => {
  await using scene = await taken();
  const first = await scene.wait();
  const second = await scene.wait();
  expect([first.ahead, second.ahead]).toEqual([[0], [1]]);
  await scene.client.release(scene.holders[0]!);
  const released = performance.now();
  expect(await first.ended).toBe("offer");
  const held = await scene.client.acquire(first.id);
  expect(held).toMatchObject({ id: first.id });
  expect(performance.now() - released).toBeLessThan(2_000);
  await vi.waitFor(() => expect(second.ahead).toEqual([1, 0]), LONG);
  expect(second.offered()).toBe(false);
});

test("a seat that is free is offered at once", async () => {
  await using scene = await taken({ seats: 2 });
  await scene.client.release(scene.holders[0]!);
  const waiter = await scene.wait();
  expect(await waiter.ended).toBe("offer");
  expect(typeof (await scene.client.acquire(waiter.id))).toBe("object");
});

test("nobody who does not wait overtakes those who do", async () => {
  await using scene = await taken();
  const waiter = await scene.wait(1);
  await scene.client.release(scene.holders[0]!);
  expect(await scene.client.acquire()).toBe("NO_SEATS");
  expect(await waiter.ended).toBe("offer");
  expect(await scene.client.acquire()).toBe("NO_SEATS");
  expect(typeof (await scene.client.acquire(waiter.id))).toBe("object");
});

test("who waits further back cannot take what is kept for those in front", async () => {
  await using scene = await taken();
  const [first, second] = [await scene.wait(), await scene.wait(1)];
  await scene.client.release(scene.holders[0]!);
  expect(await scene.client.acquire(second.id)).toBe("NO_SEATS");
  expect(await first.ended).toBe("offer");
});

test("a seat given back at one broker is offered to who waits at the other within two seconds", async () => {
  await using scene = await taken();
  const waiter = await scene.wait(1);
  const released = performance.now();
  await scene.client.release(scene.holders[0]!);
  expect(await waiter.ended).toBe("offer");
  expect(performance.now() - released).toBeLessThan(2_000);
});

test("the seat of a holder that fell silent is offered when its lease runs out", async () => {
  await using scene = await taken({ seats: 1, validityMs: 3_000, graceMs: 1_000 });
  const waiter = await scene.wait();
  expect(await waiter.ended).toBe("offer");
  expect(performance.now()).toBeGreaterThan(scene.holders[0]!.deadline);
  expect(typeof (await scene.client.acquire(waiter.id))).toBe("object");
});

test("seats that a license gains are offered, one for each who waits in front", async () => {
  await using scene = await taken();
  const { pool } = scene;
  const waiters = [await scene.wait(0), await scene.wait(1), await scene.wait(0)];
  await running.issue(somePool({ ...pool.terms, license: pool.license, revision: 2n, seats: 3 }));
  await vi.waitFor(
    () => expect(waiters.map((w) => w.offered())).toEqual([true, true, false]),
    LONG,
  );
});

test("a place that is cancelled is free at once, and its lease id is over", async () => {
  await using scene = await taken();
  const [first, second] = [await scene.wait(), await scene.wait()];
  await scene.ada.broker.releaseSeat({ leaseId: first.id.bytes });
  await vi.waitFor(() => expect(second.ahead).toEqual([1, 0]), LONG);
  expect(await first.ended).toMatchObject({ reason: "LEASE_RELEASED" });
  expect(await scene.client.acquire(first.id)).toBe("LEASE_RELEASED");
});

test("a client that goes away frees its place, and comes back to it with its ticket", async () => {
  await using scene = await taken();
  const [first, second] = [await scene.wait(), await scene.wait()];
  await first.leave();
  await vi.waitFor(() => expect(second.ahead).toEqual([1, 0]), LONG);
  const again = await scene.wait(1, first.id, first.ticket());
  expect(again.ahead).toEqual([0]);
  await vi.waitFor(() => expect(second.ahead).toEqual([1, 0, 1]), LONG);
});

test("without its ticket a client that comes back has to queue anew", async () => {
  await using scene = await taken();
  const [first, second] = [await scene.wait(), await scene.wait()];
  await first.leave();
  await vi.waitFor(() => expect(second.ahead).toEqual([1, 0]), LONG);
  expect((await scene.wait(1, first.id)).ahead).toEqual([1]);
});

test("an offer that is not taken lapses to the next", async () => {
  await using scene = await taken();
  const [first, second] = [await scene.wait(), await scene.wait(1)];
  await scene.client.release(scene.holders[0]!);
  expect(await first.ended).toBe("offer");
  expect(await scene.client.acquire(second.id)).toBe("NO_SEATS");
  await vi.waitFor(() => expect(second.offered()).toBe(true), LONG);
  expect(typeof (await scene.client.acquire(second.id))).toBe("object");
  expect(await scene.client.acquire(first.id)).toBe("NO_SEATS");
});

test("a grant whose answer was lost is told again, to a repeated acquire and to a new wait", async () => {
  await using scene = await taken();
  const waiter = await scene.wait();
  await scene.client.release(scene.holders[0]!);
  expect(await waiter.ended).toBe("offer");
  const granted = (await scene.client.acquire(waiter.id)) as Held;
  const again = await scene.wait(1, waiter.id, waiter.ticket());
  expect(await again.ended).toBe("offer");
  expect(await scene.client.acquire(waiter.id)).toMatchObject({ fence: granted.fence });
});

test("when the license is suspended, nobody waits on", async () => {
  await using scene = await taken();
  const { pool } = scene;
  const waiter = await scene.wait();
  await running.issue(
    somePool({ ...pool.terms, license: pool.license, revision: 2n, state: "SUSPENDED" }),
  );
  expect(await waiter.ended).toMatchObject({ reason: "LICENSE_SUSPENDED" });
});

test("bad requests are refused", async () => {
  await using scene = await taken();
  const { ada, pool } = scene;
  const waiter = await scene.wait();
  const bob = await running.installation(pool);
  const { bytes } = waiter.id;
  const forged = Buffer.from(waiter.ticket());
  forged.writeUInt8(forged.readUInt8(3) ^ 1, 3);
  const rows: readonly (readonly [OpenedWait, string])[] = [
    [openWait(ada.broker, Buffer.from("short")), "INVALID_REQUEST"],
    [openWait(ada.broker, Buffer.alloc(32)), "INVALID_REQUEST"],
    [openWait(ada.broker, someLease(someUuid()).bytes), "NOT_FOUND"],
    [openWait(ada.broker, bytes, forged), "INVALID_REQUEST"],
    [openWait(ada.broker, bytes, Buffer.alloc(10_000)), "INVALID_REQUEST"],
    [openWait(ada.broker, bytes, Buffer.alloc(100_000)), "MESSAGE_TOO_LARGE"],
    [openWait(ada.broker, someLease(pool.license).bytes, waiter.ticket()), "INVALID_REQUEST"],
    [openWait(bob.broker, bytes, waiter.ticket()), "INVALID_REQUEST"],
    [openWait(running.client(), bytes), "UNAUTHENTICATED"],
    [openWait(running.desk(), bytes), "PERMISSION_DENIED"],
  ];
  for (const [wait, reason] of rows) expect(await wait.ended).toMatchObject({ reason });
  expect(waiter.ahead).toEqual([0]);
});

test("a broker that goes away sends those who wait elsewhere, where they keep their places", async () => {
  await using leaving = await runningBrokers({ brokers: 2 });
  const pool = somePool({ seats: 1 });
  await leaving.issue(pool);
  const ada = await leaving.installation(pool);
  const client = new ClientProcess(pool, ada.at(1));
  await client.acquireWithin(5_000);
  const ids = [someLease(pool.license), someLease(pool.license)];
  const waits: OpenedWait[] = [];
  for (const { bytes } of ids) {
    const wait = openWait(ada.at(0), bytes);
    await vi.waitFor(() => expect(wait.ahead).toHaveLength(1), LONG);
    waits.push(wait);
  }
  const stopped = leaving.stop(0);
  for (const { ended } of waits) expect(await ended).toMatchObject({ reason: "DRAINING" });
  await using second = openWait(ada.at(1), ids[1]!.bytes, waits[1]!.ticket());
  await vi.waitFor(() => expect(second.ahead).toEqual([1]), LONG);
  await using first = openWait(ada.at(1), ids[0]!.bytes, waits[0]!.ticket());
  await vi.waitFor(() => expect(first.ahead).toEqual([0]), LONG);
  await stopped;
});

/** Some go away without a word, some cancel, some never take what they are offered. */
function fate(waiter: number): "goes" | "cancels" | "sleeps" | "lives" {
  return (["goes", "cancels", "sleeps"] as const)[(waiter * 7) % 23] ?? "lives";
}

test.each([1, 3])(
  "fifty waiters get %d seats at two brokers, though some of them die, and never more",
  async (seats) => {
    const WAITERS = 50;
    await using scene = await taken({ seats });
    const { client, ada } = scene;
    const clients = [client];
    const served: number[] = [];
    const waiters: Waiter[] = [];
    const brokerOf = (i: number) => Math.floor((i * BROKERS) / WAITERS);
    for (let i = 0; i < WAITERS; i += 1) waiters.push(await scene.wait(brokerOf(i)));
    expect(waiters.map(({ ahead }) => ahead[0])).toEqual(Array.from(waiters.keys()));
    const turns = waiters.map(async (waiter, i) => {
      if ((await waiter.ended) !== "offer" || fate(i) === "sleeps") return;
      const process = new ClientProcess(scene.pool, ada.at(brokerOf(i)));
      clients.push(process);
      const held = await process.acquire(waiter.id);
      if (typeof held === "string") throw new Error(`waiter ${i} was offered no seat: ${held}`);
      served.push(i);
      await process.release(held);
    });
    for (const [i, waiter] of waiters.entries()) {
      if (fate(i) === "goes") await waiter.leave();
      if (fate(i) === "cancels") await ada.broker.releaseSeat({ leaseId: waiter.id.bytes });
    }
    await Promise.all(scene.holders.map((held) => client.release(held)));
    await Promise.all(turns);
    const living = Array.from(waiters.keys()).filter((i) => fate(i) === "lives");
    // Of several who are offered a seat at a time, one may be quicker than another.
    expect(seats === 1 ? served : served.toSorted((a, b) => a - b)).toEqual(living);
    expect(mostHeldAtOnce(clients)).toBe(seats);
  },
  90_000,
);
