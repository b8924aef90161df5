import { status } from "@grpc/grpc-js";
import { systemRandom } from "@leasehold/kernel";
import { afterEach, expect, test } from "vitest";
import type { QueuePosition } from "../src/queue-for-seat.ts";
import { openSession, type SeatSession } from "../src/seat-session.ts";
import { FakeBroker } from "./fake-broker.ts";
import { failure } from "./fake-server.ts";
import { someInstallation } from "./some-installation.ts";

const eventually = { timeout: 10_000, interval: 5 };

let cleanUp = new AsyncDisposableStack();
afterEach(async () => {
  const current = cleanUp;
  cleanUp = new AsyncDisposableStack();
  await current.disposeAsync();
});

async function broker(): Promise<FakeBroker> {
  return cleanUp.use(await new FakeBroker().start());
}

/** A session that begins with the first broker. */
function session(...brokers: FakeBroker[]): SeatSession {
  return cleanUp.use(
    openSession({
      installation: someInstallation(),
      seatBrokers: brokers.map(({ address }) => address),
      application: "studio 7.1",
      random: (length) => (length === 2 ? new Uint8Array(2) : systemRandom(length)),
    }),
  );
}

async function waiting(served: FakeBroker): Promise<void> {
  await expect.poll(() => served.waits.size, eventually).toBe(1);
}

test("who waits is told its place as it changes, and leases the seat that it is offered", async () => {
  const served = await broker();
  const positions: QueuePosition[] = [];
  const acquiring = session(served).acquire({
    wait: true,
    onPosition: (position) => positions.push(position),
  });
  await waiting(served);
  served.tellPosition(2, "t1");
  served.tellPosition(1, "t2", 1_500);
  await expect
    .poll(() => positions, eventually)
    .toEqual([
      { ahead: 2, estimateMs: undefined },
      { ahead: 1, estimateMs: 1_500 },
    ]);
  expect(served.acquired).toEqual([]);
  served.offer();
  expect((await acquiring).held()).toBe(true);
  expect(served.acquired).toEqual(served.waited.map(({ leaseId }) => leaseId));
  expect(served.released).toEqual([]);
});

test("the validity counts from when the offered seat was asked for, however long the wait was", async () => {
  const served = await broker();
  served.validityMs = 400;
  const acquiring = session(served).acquire({ wait: true });
  await waiting(served);
  const since = performance.now();
  await expect.poll(() => performance.now() - since, eventually).toBeGreaterThan(500);
  served.offer();
  expect((await acquiring).held()).toBe(true);
});

test("a broker that goes away is left for the next one, which is shown the newest ticket", async () => {
  const [first, second] = [await broker(), await broker()];
  const positions: QueuePosition[] = [];
  const acquiring = session(first, second).acquire({
    wait: true,
    onPosition: (position) => positions.push(position),
  });
  await waiting(first);
  first.tellPosition(0, "mine");
  await expect.poll(() => positions.length, eventually).toBe(1);
  for (const wait of first.waits) wait.emit("error", failure(status.UNAVAILABLE, "DRAINING"));
  await waiting(second);
  expect(second.waited).toEqual([{ leaseId: first.waited[0]!.leaseId, ticket: "mine" }]);
  second.offer();
  expect((await acquiring).held()).toBe(true);
  expect([...first.released, ...second.released]).toEqual([]);
});

test("a broker that is killed is left for the next one", async () => {
  const [first, second] = [await broker(), await broker()];
  const acquiring = session(first, second).acquire({ wait: true });
  await waiting(first);
  first.kill();
  await waiting(second);
  expect(second.waited[0]!.leaseId).toBe(first.waited[0]!.leaseId);
  second.offer();
  expect((await acquiring).held()).toBe(true);
});

test("an offer that lapsed before it was taken is waited for again, with the ticket", async () => {
  const served = await broker();
  served.refusal = failure(status.RESOURCE_EXHAUSTED, "NO_SEATS");
  const acquiring = session(served).acquire({ wait: true });
  await waiting(served);
  served.offer();
  await expect.poll(() => served.waited.length, eventually).toBe(2);
  expect(served.waited[1]).toEqual({ leaseId: served.acquired[0], ticket: "offered" });
  served.refusal = undefined;
  await waiting(served);
  served.offer();
  expect((await acquiring).held()).toBe(true);
  expect(served.released).toEqual([]);
});

test("who gives up gives its place up too", async () => {
  const served = await broker();
  const giveUp = new AbortController();
  const acquiring = session(served).acquire({ wait: true, signal: giveUp.signal });
  await waiting(served);
  giveUp.abort();
  await expect(acquiring).rejects.toMatchObject({ reason: "CANCELLED" });
  await expect
    .poll(() => served.released, eventually)
    .toEqual(served.waited.map(({ leaseId }) => leaseId));
});

test("who waited for as long as it wanted is told that there was no seat, and gives its place up", async () => {
  const served = await broker();
  const acquiring = session(served).acquire({ wait: { upToMs: 200 } });
  await expect(acquiring).rejects.toMatchObject({ reason: "NO_SEATS" });
  await expect.poll(() => served.released.length, eventually).toBe(1);
});

test("a license that may not be used is not waited for", async () => {
  const served = await broker();
  served.waiting = failure(status.PERMISSION_DENIED, "LICENSE_SUSPENDED");
  const acquiring = session(served).acquire({ wait: true });
  await expect(acquiring).rejects.toMatchObject({ reason: "LICENSE_SUSPENDED" });
  expect(served.acquired).toEqual([]);
});

test("a closing session gives up the places of those who wait", async () => {
  const served = await broker();
  const client = session(served);
  const acquiring = client.acquire({ wait: true }).catch((reason: unknown) => reason);
  await waiting(served);
  await client[Symbol.asyncDispose]();
  expect(await acquiring).toMatchObject({ reason: "CANCELLED" });
  expect(served.released).toEqual(served.waited.map(({ leaseId }) => leaseId));
});

test("who waits says for whom and for what, as when acquiring", async () => {
  const served = await broker();
  const claim = { seats: 2, features: ["dataflow"] };
  const acquiring = session(served).acquire({ user: "ada", ...claim, wait: true });
  await waiting(served);
  served.offer();
  expect((await acquiring).claim).toEqual(claim);
  expect(served.waiters[0]).toMatchObject({ holder: { user: "ada" }, claim });
  expect(served.requests[0]).toMatchObject(served.waiters[0]!);
});

test("a wait outlasts a drained pool, whether it is told so in the queue or when its turn has come", async () => {
  const served = await broker();
  const drained = failure(status.UNAVAILABLE, "POOL_DRAINED");
  served.waiting = drained;
  const acquiring = session(served).acquire({ wait: true });
  await expect.poll(() => served.waited.length, eventually).toBeGreaterThan(1);
  served.waiting = undefined;
  served.refusal = drained;
  await waiting(served);
  served.offer();
  await expect.poll(() => served.acquired.length, eventually).toBeGreaterThan(0);
  await waiting(served);
  served.refusal = undefined;
  served.offer();
  expect((await acquiring).held()).toBe(true);
  expect(served.released).toEqual([]);
});

test.each(["OVERLOADED", "RATE_LIMITED", "DRAINING"])(
  "who is told %s comes back no sooner than it was asked to",
  async (reason) => {
    const [told, untold] = [await broker(), await broker()];
    told.waiting = failure(status.UNAVAILABLE, reason, { retryAfterMs: 60_000 });
    untold.waiting = failure(status.UNAVAILABLE, reason);
    const giveUp = new AbortController();
    const acquiring = [told, untold].map((served) =>
      session(served)
        .acquire({ wait: true, signal: giveUp.signal })
        .catch((thrown: unknown) => thrown),
    );
    await expect.poll(() => untold.waited.length, eventually).toBeGreaterThan(4);
    expect(told.waited).toHaveLength(1);
    giveUp.abort();
    for (const one of acquiring) expect(await one).toMatchObject({ reason: "CANCELLED" });
  },
);

test.each([
  ["HOLDER_EXCLUDED", status.PERMISSION_DENIED, {}],
  ["FEATURE_NOT_LICENSED", status.FAILED_PRECONDITION, { feature: "dataflow" }],
] as const)("who is refused for good does not wait: %s", async (reason, code, metadata) => {
  const served = await broker();
  served.waiting = failure(code, reason, { metadata });
  const acquiring = session(served).acquire({ features: ["dataflow"], wait: true });
  await expect(acquiring).rejects.toMatchObject({ reason, metadata });
  expect(served.waited).toHaveLength(1);
});
