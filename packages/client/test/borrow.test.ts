import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { LicenseState } from "@leasehold/contracts";
import { type Clock, systemClock, systemRandom } from "@leasehold/kernel";
import { generateKeyPair, signingKey } from "@leasehold/license-format";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Installation } from "../src/installation.ts";
import type { Seat } from "../src/seat.ts";
import { openSession, type SeatSession } from "../src/seat-session.ts";
import { FakeBroker } from "./fake-broker.ts";
import { failure } from "./fake-server.ts";
import { someInstallation } from "./some-installation.ts";

const eventually = { timeout: 10_000, interval: 5 };
const DAY = 86_400_000;

let cleanUp = new AsyncDisposableStack();
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "leasehold borrow "));
});
afterEach(async () => {
  const current = cleanUp;
  cleanUp = new AsyncDisposableStack();
  await current.disposeAsync();
  await rm(directory, { recursive: true });
});

async function broker(): Promise<FakeBroker> {
  return cleanUp.use(await new FakeBroker().start());
}

/** This machine's clock, set forward by so much. */
function clockAhead(ms: number): Clock {
  return { now: () => systemClock.now() + ms, monotonic: () => systemClock.monotonic() };
}

interface Opened {
  readonly clock?: Clock;
  readonly change?: Partial<Installation>;
}

/** A session of the installation that keeps its seats in the test's directory. */
function session(
  served: FakeBroker,
  { clock = systemClock, change = {} }: Opened = {},
): SeatSession {
  return cleanUp.use(
    openSession({
      installation: { ...someInstallation([], directory), ...change },
      seatBrokers: [served.address],
      application: "studio 7.1",
      random: systemRandom,
      clock,
    }),
  );
}

/** A seat that was borrowed by a session which is over. */
async function borrowBefore(served: FakeBroker, days = 3): Promise<Seat> {
  await using client = session(served);
  const seat = await client.acquire();
  await seat.borrow({ days });
  return seat;
}

const kept = () => readdir(join(directory, "borrowed"));

test("a borrowed seat is held without heartbeats, and outlives session, process and connection", async () => {
  const served = await broker();
  served.validityMs = 400;
  const client = session(served);
  const seat = await client.acquire();
  expect(seat.borrowed).toBeUndefined();
  await seat.borrow({ days: 3 });
  expect(served.borrowed[0]).toMatchObject({ duration: { seconds: 259_200n } });
  expect(seat.borrowed!.until).toBeGreaterThan(Date.now() + 3 * DAY - 60_000);
  const beats = served.heartbeats.length;
  const other = await client.acquire();
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(beats + 4);
  expect(new Set(served.heartbeats.slice(beats).map(({ leaseId }) => leaseId)).size).toBe(1);
  await client[Symbol.asyncDispose]();
  expect([seat.held(), other.held()]).toEqual([true, false]);
  expect(served.released).toHaveLength(1);
  served.kill();
  const [again, ...more] = await session(served).borrowedSeats();
  expect(more).toEqual([]);
  expect(again!.held()).toBe(true);
  expect(again).toMatchObject({
    fencingToken: seat.fencingToken,
    claim: { seats: 1, features: [] },
    borrowed: seat.borrowed,
  });
});

test("a session's borrowed seats are the same objects, however often they are asked for", async () => {
  const served = await broker();
  const client = session(served);
  const seat = await client.acquire();
  await seat.borrow({ until: new Date(Date.now() + 2 * DAY) });
  const [one] = await client.borrowedSeats();
  expect(one).toBe(seat);
  const later = session(served);
  const [first, second] = await Promise.all([later.borrowedSeats(), later.borrowedSeats()]);
  expect(first[0]).toBe(second[0]);
});

test("an installation that borrowed nothing has no borrowed seats", async () => {
  expect(await session(await broker()).borrowedSeats()).toEqual([]);
});

test("leaving the scope of a seat gives it back, unless it is borrowed", async () => {
  const served = await broker();
  const client = session(served);
  {
    await using seat = await client.acquire();
    await seat.borrow({ days: 1 });
  }
  expect(served.released).toEqual([]);
  expect((await client.borrowedSeats())[0]?.held()).toBe(true);
});

test("a license that does not allow it is told, and the seat goes on as it was", async () => {
  const served = await broker();
  served.borrowing = failure(status.FAILED_PRECONDITION, "BORROW_REFUSED");
  const seat = await session(served).acquire();
  await expect(seat.borrow({ days: 3 })).rejects.toMatchObject({ reason: "BORROW_REFUSED" });
  const beats = served.heartbeats.length;
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(beats + 2);
  expect(seat.held()).toBe(true);
  expect(seat.borrowed).toBeUndefined();
});

test.each([
  ["signed by a key that the license file does not know", "unknown-key", {}],
  ["made out to another installation's key", "mismatched", { publicKeyThumbprint: "A".repeat(43) }],
  ["of another lease", "mismatched", { lease: Buffer.alloc(32).toString("base64url") }],
  ["for another product", "wrong-audience", { product: "products/other" }],
])("a borrowed seat %s is not accepted, and the seat goes on", async (_, fault, claims) => {
  const served = await broker();
  if (fault === "unknown-key")
    served.leaseKey = signingKey("lease", (await generateKeyPair()).privateKey);
  served.borrowClaims = claims;
  const seat = await session(served).acquire();
  await expect(seat.borrow({ days: 3 })).rejects.toMatchObject({
    reason: "UNAUTHENTICATED",
    metadata: { fault },
  });
  expect(seat.held()).toBe(true);
  await expect(kept()).rejects.toThrow("ENOENT");
});

test("a broker that cannot answer is left for the next one", async () => {
  const [first, second] = [await broker(), await broker()];
  first.borrowing = failure(status.INTERNAL, "INTERNAL");
  const client = cleanUp.use(
    openSession({
      installation: someInstallation([], directory),
      seatBrokers: [first.address, second.address],
      application: "studio 7.1",
      random: (length) => (length === 2 ? new Uint8Array(2) : systemRandom(length)),
    }),
  );
  const seat = await client.acquire();
  await seat.borrow({ days: 1 });
  expect([first.borrowed.length, second.borrowed.length]).toEqual([1, 1]);
  expect(seat.borrowed).toBeDefined();
});

test("a seat that is given back while it is being borrowed stays given back", async () => {
  const served = await broker();
  const { promise, resolve } = Promise.withResolvers<void>();
  served.borrowing = promise;
  const client = session(served);
  const seat = await client.acquire();
  const borrowing = seat.borrow({ days: 3 }).catch((reason: unknown) => reason);
  await expect.poll(() => served.borrowed.length, eventually).toBe(1);
  await seat.release();
  resolve();
  expect(await borrowing).toMatchObject({ reason: "LEASE_EXPIRED" });
  expect(seat.held()).toBe(false);
  expect(await client.borrowedSeats()).toEqual([]);
  expect(new Set(served.released)).toEqual(new Set(served.acquired));
});

test("a seat that is lost cannot be borrowed", async () => {
  const served = await broker();
  const seat = await session(served).acquire();
  await seat.release();
  await expect(seat.borrow({ days: 1 })).rejects.toMatchObject({ reason: "LEASE_EXPIRED" });
  expect(served.borrowed).toEqual([]);
});

test("a borrowed seat can be borrowed for longer, by a later process too", async () => {
  const served = await broker();
  await borrowBefore(served, 1);
  const [seat] = await session(served).borrowedSeats();
  const before = seat!.borrowed!.until;
  await seat!.borrow({ days: 5 });
  expect(seat!.borrowed!.until).toBeGreaterThan(before + 3 * DAY);
  const [first, second] = served.borrowed;
  expect(second!.token.equals(first!.token)).toBe(true);
  const [later] = await session(served).borrowedSeats();
  expect(later!.borrowed).toEqual(seat!.borrowed);
});

test("on its last day the application is warned, once", async () => {
  const served = await broker();
  await borrowBefore(served, 0.5);
  const [seat] = await session(served).borrowedSeats();
  const warned = vi.fn<() => void>();
  seat!.events.on("borrowEnding", warned);
  const [warning] = (await once(seat!.events, "borrowEnding")) as [{ remainingMs: number }];
  expect(warning.remainingMs).toBeLessThanOrEqual(DAY / 2);
  expect(warning.remainingMs).toBeGreaterThan(DAY / 2 - 60_000);
  await seat!.borrow({ days: 3 });
  expect(warned).toHaveBeenCalledTimes(1);
});

test("at its end a borrowed seat is over, and nothing is kept of it", async () => {
  const served = await broker();
  const seat = await session(served).acquire();
  const lost = once(seat.events, "lost");
  await seat.borrow({ days: 4_000 / DAY });
  expect(seat.held()).toBe(true);
  expect(await lost).toEqual([{ cause: "borrow-over" }]);
  expect(seat.held()).toBe(false);
  expect(seat.end).toBe("lost");
  await expect.poll(kept, eventually).toEqual([]);
});

test("a seat whose end came while no process ran is not held, and forgotten", async () => {
  const served = await broker();
  await borrowBefore(served);
  const later = session(served, { clock: clockAhead(3 * DAY) });
  expect(await later.borrowedSeats()).toEqual([]);
  expect(await kept()).toEqual([]);
});

test("a wall clock that is set back does not bring back time that was counted", async () => {
  const served = await broker();
  await borrowBefore(served);
  {
    await using later = session(served, { clock: clockAhead(3 * DAY - 60_000) });
    expect((await later.borrowedSeats())[0]?.held()).toBe(true);
  }
  const [seat] = await session(served, { clock: clockAhead(-DAY) }).borrowedSeats();
  const [{ remainingMs }] = (await once(seat!.events, "borrowEnding")) as [{ remainingMs: number }];
  expect(remainingMs).toBeLessThanOrEqual(60_000);
});

test("a machine whose clock is behind holds its seat no longer for it", async () => {
  const served = await broker();
  const behind = clockAhead(-2 * DAY);
  {
    await using client = session(served, { clock: behind });
    await (await client.acquire()).borrow({ days: 1 });
  }
  const dayLater = { ...behind, now: () => behind.now() + DAY };
  expect(await session(served, { clock: dayLater }).borrowedSeats()).toEqual([]);
});

test("a seat that is checked in is free at once, and not held again", async () => {
  const served = await broker();
  const seat = await borrowBefore(served);
  const client = session(served);
  const [again] = await client.borrowedSeats();
  await again!.release();
  expect(again).toMatchObject({ end: "released" });
  expect(served.released).toEqual(served.acquired);
  expect([again!.held(), seat.held()]).toEqual([false, false]);
  expect(await client.borrowedSeats()).toEqual([]);
  expect(await kept()).toEqual([]);
});

test("a seat that is checked in without a connection is told of when there is one again", async () => {
  const served = await broker();
  const { port } = served;
  await borrowBefore(served);
  served.kill();
  {
    await using offline = session(served);
    const [seat] = await offline.borrowedSeats();
    await seat!.release();
    expect(seat!.held()).toBe(false);
  }
  await served.start(port);
  const online = session(served);
  expect(await online.borrowedSeats()).toEqual([]);
  await expect.poll(() => served.released, eventually).toContain(served.acquired[0]);
  await expect.poll(kept, eventually).toEqual([]);
});

test("what one process gives back, no other holds, wherever it stands", async () => {
  const served = await broker();
  const here = await borrowBefore(served);
  const [there] = await session(served).borrowedSeats();
  await here.release();
  expect(there!.held()).toBe(false);
});

test.each([
  ["is revoked", (served: FakeBroker) => served.changeLicense({ state: LicenseState.REVOKED })],
  [
    "stays, but the seat is taken back",
    (served: FakeBroker) => {
      const leaseId = Buffer.from(served.acquired[0]!, "hex");
      served.tell({ $case: "seatRevoked", value: { leaseId, reason: "" } });
    },
  ],
])(
  "a borrowed seat whose license %s ends where that is heard, and is given back",
  async (_, act) => {
    const served = await broker();
    await borrowBefore(served);
    const client = session(served);
    await once(client.events, "connected");
    const [seat] = await client.borrowedSeats();
    const revoked = once(seat!.events, "revoked");
    act(served);
    await revoked;
    expect(seat).toMatchObject({ end: "revoked" });
    expect(seat!.held()).toBe(false);
    await expect.poll(kept, eventually).toEqual([]);
    expect(served.released).toEqual(served.acquired);
  },
);

test("once a license is known to be revoked, its borrowed seats cannot be taken up", async () => {
  const served = await broker();
  await borrowBefore(served);
  const client = session(served);
  await once(client.events, "connected");
  served.changeLicense({ state: LicenseState.REVOKED });
  await expect.poll(() => client.license.state, eventually).toBe("revoked");
  expect(await client.borrowedSeats()).toEqual([]);
});

test("an edited or foreign file is no borrowed seat", async () => {
  const served = await broker();
  await borrowBefore(served);
  const foreign = { change: { publicKeyThumbprint: "A".repeat(43) } };
  expect(await session(served, foreign).borrowedSeats()).toEqual([]);
  const name = (await kept()).find((file) => file.endsWith(".borrow"))!;
  const path = join(directory, "borrowed", name);
  const text = await readFile(path, "utf8");
  for (const spoilt of [
    text.replace(/\.[\w-]{8}/, ".AAAAAAAA"),
    text.replace('"behindMs":', '"behindMs":-'),
    text.slice(0, 40),
    "[]",
  ]) {
    await writeFile(path, spoilt);
    expect(await session(served).borrowedSeats()).toEqual([]);
  }
  await writeFile(join(directory, "borrowed", name.replace(/^../, "ff")), text);
  await rm(path);
  expect(await session(served).borrowedSeats()).toEqual([]);
});
