import { durationFromMs, LicenseState, seatBroker } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { LeaseId } from "../src/domain/lease-id.ts";
import { leaseIdOf } from "../src/domain/lease-id.ts";
import type { Pool, Terms } from "../src/domain/pool.ts";
import { OPEN_POLICY } from "../src/domain/seat-policy.ts";
import { ClientProcess } from "./client-process.ts";
import { openStream } from "./open-stream.ts";
import { openWait } from "./open-wait.ts";
import { reasonOf } from "./problem-of.ts";
import { type Installation, type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool, someUuid } from "./some-pool.ts";

const { RenewalOutcome } = seatBroker;
const eventually = { timeout: 10_000 };

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({ brokers: 2 });
});
afterAll(() => running[Symbol.asyncDispose]());

/** A license of resources, with an installation of it, and resources that are bound to it. */
async function scene(resources: number, terms: Partial<Terms> = {}) {
  const given = { model: "RESOURCE", seats: 2, ...terms } as const;
  const license = somePool(given);
  await running.issue(license);
  const pools = Array.from({ length: resources }, () =>
    somePool({ ...given, boundTo: license.name }),
  );
  for (const pool of pools) await running.issue(pool);
  return { license, pools, ada: await running.installation(license) };
}

/** The same resource, changed. */
function changed(
  pool: Pool,
  revision: bigint,
  boundTo: string,
  given: Parameters<typeof somePool>[0] = {},
): Pool {
  return somePool({ ...pool.terms, license: pool.license, revision, boundTo, ...given });
}

const unbound = (pool: Pool, revision: bigint) => changed(pool, revision, "", { state: "REVOKED" });

const ask = ({ broker }: Installation, { bytes: leaseId }: LeaseId) =>
  broker.acquireSeat({ leaseId, holder: undefined, claim: undefined });

const listed = ({ name }: Pool) =>
  running.desk().listSeats({ parent: name, pageSize: 0, pageToken: "", filter: undefined });

test("users of one resource at its maximum do not disturb those of another", async () => {
  const { pools, ada } = await scene(2);
  const [first, second] = pools.map((pool) => ClientProcess.of(pool, ada));
  for (let i = 0; i < 2; i += 1) await first!.acquireWithin(5_000);
  expect(await first!.acquire()).toBe("NO_SEATS");
  for (let i = 0; i < 2; i += 1) expect(typeof (await second!.acquire())).toBe("object");
  expect(await second!.acquire()).toBe("NO_SEATS");
  expect(new Set([...(await first!.beat()), ...(await second!.beat())])).toEqual(
    new Set(["RENEWED"]),
  );
});

test("a license of resources has no seats of its own", async () => {
  const { license, ada } = await scene(1);
  const id = someLease(license.license);
  expect(await reasonOf(ask(ada, id))).toBe("RESOURCE_NOT_LICENSED");
  expect(await openWait(ada.broker, id.bytes).ended).toMatchObject({
    reason: "RESOURCE_NOT_LICENSED",
  });
});

test("seats of a resource are for the license that it is bound to", async () => {
  const { pools, license } = await scene(1);
  const other = await scene(0);
  const id = someLease(pools[0]!.license);
  for (const broker of [0, 1]) {
    const { headers } = other.ada;
    const asked = running.client(headers, broker);
    const call = asked.acquireSeat({ leaseId: id.bytes, holder: undefined, claim: undefined });
    expect(await reasonOf(call)).toBe("RESOURCE_NOT_LICENSED");
  }
  expect(await openWait(other.ada.broker, id.bytes).ended).toMatchObject({
    reason: "RESOURCE_NOT_LICENSED",
  });
  expect((await listed(pools[0]!)).seats).toEqual([]);
  expect((await listed(pools[0]!)).pool).toMatchObject({
    license: license.name,
    resource: pools[0]!.name,
    terms: { seats: 2 },
  });
});

test("of another customer's resources, and of licenses and resources that are not, nothing is known", async () => {
  const { pools, license } = await scene(1);
  const name = `customers/globex/licenses/${someUuid()}`;
  const stranger = await running.installation({ ...license, name });
  for (const pool of [pools[0]!.license, license.license, someUuid()]) {
    const id = someLease(pool);
    expect(await reasonOf(ask(stranger, id))).toBe("NOT_FOUND");
    expect(await reasonOf(stranger.broker.releaseSeat({ leaseId: id.bytes }))).toBe("NOT_FOUND");
    expect(await openWait(stranger.broker, id.bytes).ended).toMatchObject({ reason: "NOT_FOUND" });
  }
});

test("whoever waits for a seat of a resource gets the one that is given back", async () => {
  const { pools, ada } = await scene(1, { seats: 1 });
  const client = ClientProcess.of(pools[0]!, ada);
  const held = await client.acquireWithin(5_000);
  const id = someLease(pools[0]!.license);
  await using wait = openWait(ada.at(1), id.bytes);
  await vi.waitFor(() => expect(wait.ahead).toEqual([0]), eventually);
  expect(await client.acquire()).toBe("NO_SEATS");
  await client.release(held);
  expect(await wait.ended).toBe("offer");
  expect(typeof (await client.acquire(id))).toBe("object");
});

test("one stream renews leases of the license and of resources, and tells of each resource", async () => {
  const license = somePool();
  await running.issue(license);
  const pools = [1, 2].map(() => somePool({ boundTo: license.name, model: "RESOURCE" }));
  for (const pool of pools) await running.issue(pool);
  const ada = await running.installation(license);
  const all = [license, ...pools];
  const heartbeats = await Promise.all(
    all.map(async (pool) => {
      const { id, token } = await ClientProcess.of(pool, ada).acquireWithin(5_000);
      return { leaseId: id.bytes, token };
    }),
  );
  await using stream = await openStream(ada.broker);
  await using idle = await openStream(ada.broker);
  const forged = { ...heartbeats[1]!, token: Buffer.alloc(heartbeats[1]!.token.length, 1) };
  const renewals = await stream.beat([heartbeats[2]!, forged, heartbeats[0]!, heartbeats[1]!]);
  expect(renewals.map(({ outcome }) => outcome)).toEqual([
    RenewalOutcome.RENEWED,
    RenewalOutcome.TOKEN_INVALID,
    RenewalOutcome.RENEWED,
    RenewalOutcome.RENEWED,
  ]);
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(3), eventually);
  expect(new Set(stream.changes().map(({ resource }) => resource))).toEqual(
    new Set(["", pools[0]!.name, pools[1]!.name]),
  );
  await running.issue(changed(pools[0]!, 2n, license.name, { seats: 9 }));
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(4), eventually);
  expect(stream.changes().at(-1)).toMatchObject({
    license: license.name,
    resource: pools[0]!.name,
    state: LicenseState.ACTIVE,
    terms: { seats: 9 },
  });
  await idle.beat();
  expect(idle.changes().map(({ resource }) => resource)).toEqual([""]);
});

test("a lease that was proved in one pool proves nothing in another", async () => {
  const { pools, ada, license } = await scene(2);
  const first = pools[0]!;
  const second = pools[1]!;
  const bob = await running.installation(license);
  const own = await ClientProcess.of(first, ada).acquireWithin(5_000);
  const twin = leaseIdOf(second.license, own.id.member);
  await ClientProcess.of(second, bob).acquire(twin);
  await using stream = await openStream(ada.broker);
  const heartbeat = { leaseId: own.id.bytes, token: own.token };
  const stolen = { leaseId: twin.bytes, token: own.token };
  for (const beats of [[heartbeat], [stolen], [heartbeat, stolen]])
    expect((await stream.beat(beats)).map(({ outcome }) => outcome)).toEqual(
      beats.map((one) =>
        one === heartbeat ? RenewalOutcome.RENEWED : RenewalOutcome.TOKEN_INVALID,
      ),
    );
});

test("an unbound resource grants and renews nothing, and those who hold its seats are told", async () => {
  const { pools, ada, license } = await scene(2);
  const pool = pools[0]!;
  const other = pools[1]!;
  const client = ClientProcess.of(pool, ada);
  const held = await client.acquireWithin(5_000);
  const safe = ClientProcess.of(other, ada);
  await safe.acquireWithin(5_000);
  await using stream = await openStream(ada.at(1));
  await stream.beat([{ leaseId: held.id.bytes, token: held.token }]);
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(2), eventually);
  await running.issue(unbound(pool, 2n));
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(3), eventually);
  expect(stream.changes().at(-1)).toMatchObject({
    resource: pool.name,
    license: "",
    state: LicenseState.REVOKED,
    terms: undefined,
  });
  const [renewal] = await stream.beat([{ leaseId: held.id.bytes, token: held.token }]);
  expect(renewal?.outcome).toBe(RenewalOutcome.REVOKED);
  expect(await client.acquire()).toBe("RESOURCE_NOT_LICENSED");
  expect(await client.acquire(held.id)).toBe("RESOURCE_NOT_LICENSED");
  expect(await safe.beat()).toEqual(["RENEWED"]);
  await client.release(held);
  expect((await listed(pool)).seats).toEqual([]);
  await running.issue(changed(pool, 3n, license.name));
  expect(typeof (await client.acquire())).toBe("object");
});

test("whoever had a moved resource by its former license is to stop, and counts until then", async () => {
  const { pools, ada } = await scene(1, { seats: 1 });
  const { license: latter, ada: bob } = await scene(0);
  const pool = pools[0]!;
  const former = ClientProcess.of(pool, ada);
  const held = await former.acquireWithin(5_000);
  await using stream = await openStream(ada.broker);
  const heartbeats = [{ leaseId: held.id.bytes, token: held.token }];
  await stream.beat(heartbeats);
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(2), eventually);
  await running.issue(changed(pool, 2n, latter.name));
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(3), eventually);
  // What the latter license grants is no affair of the former one's.
  expect(stream.changes().at(-1)).toMatchObject({
    resource: pool.name,
    license: "",
    state: LicenseState.REVOKED,
    terms: undefined,
  });
  expect(await stream.beat(heartbeats)).toMatchObject([{ outcome: RenewalOutcome.REVOKED }]);
  for (const broker of [0, 1])
    expect(await new ClientProcess(pool, ada.at(broker)).beat([{ ...held }])).toEqual(["REVOKED"]);
  const next = ClientProcess.of(pool, bob);
  expect(await next.acquire()).toBe("NO_SEATS");
  expect(await former.acquire()).toBe("RESOURCE_NOT_LICENSED");
  await former.release(held);
  await next.acquireWithin(5_000);
  expect(await next.beat()).toEqual(["RENEWED"]);
});

test("whoever waits for a seat of a resource that is unbound is told so", async () => {
  const { pools, ada } = await scene(1, { seats: 1 });
  const pool = pools[0]!;
  await ClientProcess.of(pool, ada).acquireWithin(5_000);
  await using wait = openWait(ada.broker, someLease(pool.license).bytes);
  await vi.waitFor(() => expect(wait.ahead).toEqual([0]), eventually);
  await running.issue(unbound(pool, 2n));
  expect(await wait.ended).toMatchObject({ reason: "RESOURCE_NOT_LICENSED" });
});

test("a change of the license reaches the seats of all its resources", async () => {
  const { pools, ada, license } = await scene(2);
  const clients = pools.map((pool) => ClientProcess.of(pool, ada));
  for (const client of clients) await client.acquireWithin(5_000);
  for (const pool of pools)
    await running.issue(changed(pool, 2n, license.name, { state: "SUSPENDED" }));
  for (const client of clients) {
    expect(await client.beat()).toEqual(["REVOKED"]);
    expect(await client.acquire()).toBe("LICENSE_SUSPENDED");
  }
});

test("terms of a resource that arrive out of order do not undo newer ones", async () => {
  const { pools, ada, license } = await scene(1);
  const pool = pools[0]!;
  await running.issue(unbound(pool, 5n));
  running.activation.put(changed(pool, 4n, license.name));
  await running.issue(somePool({ seats: 1 }));
  expect(await ClientProcess.of(pool, ada).acquire()).toBe("RESOURCE_NOT_LICENSED");
});

test("a seat of a resource is borrowed as any other, while the resource is bound", async () => {
  const policy = { ...OPEN_POLICY, offlineDays: 7 };
  const { pools, ada } = await scene(1, { policy });
  const pool = pools[0]!;
  const client = ClientProcess.of(pool, ada);
  const [first, second] = [await client.acquireWithin(5_000), await client.acquireWithin(5_000)];
  const borrow = ({ id, token }: typeof first) =>
    ada.at(1).borrowSeat({ leaseId: id.bytes, token, duration: durationFromMs(86_400_000) });
  expect((await borrow(first)).borrow).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  await running.issue(unbound(pool, 2n));
  expect(await reasonOf(borrow(second))).toBe("RESOURCE_NOT_LICENSED");
  // The borrowed one stays taken until it is checked in, whatever it is bound to meanwhile.
  expect((await listed(pool)).seats.map(({ state }) => state)).toContain(
    seatBroker.SeatState.BORROWED,
  );
  await client.release(first);
  expect((await listed(pool)).seats.map(({ state }) => state)).not.toContain(
    seatBroker.SeatState.BORROWED,
  );
});

test("an administrator sees, takes back and drains the seats of a resource by its name", async () => {
  const { pools, ada } = await scene(1);
  const pool = pools[0]!;
  const client = ClientProcess.of(pool, ada);
  const held = await client.acquireWithin(5_000);
  await using stream = await openStream(ada.broker);
  await stream.beat([{ leaseId: held.id.bytes, token: held.token }]);
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(2), eventually);
  const [seat] = (await listed(pool)).seats;
  expect(seat?.leaseId).toEqual(held.id.bytes);
  const desk = running.desk();
  await desk.revokeSeat({ leaseId: held.id.bytes, reason: "maintenance", immediate: false });
  await vi.waitFor(() => expect(stream.revocations()).toHaveLength(1), eventually);
  expect(stream.revocations()).toMatchObject([{ leaseId: held.id.bytes, reason: "maintenance" }]);
  expect(await client.beat([held])).toEqual(["REVOKED"]);
  await desk.drainPool({ license: pool.name });
  expect(await client.acquire()).toBe("POOL_DRAINED");
  await desk.resumePool({ license: pool.name });
  expect(typeof (await client.acquire())).toBe("object");
});

test.each(["customers/acme/resources/", "resources/1", "customers/acme/databases/1"])(
  "%j names no pool",
  async (name) => {
    const call = running.desk().drainPool({ license: name });
    expect(await reasonOf(call)).toBe("INVALID_REQUEST");
  },
);

test("a resource that was never bound has no pool", async () => {
  const name = `customers/acme/resources/${someUuid()}`;
  expect(await reasonOf(running.desk().drainPool({ license: name }))).toBe("NOT_FOUND");
});
