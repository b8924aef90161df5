import { once } from "node:events";
import { status } from "@grpc/grpc-js";
import { durationFromMs, LicenseState, seatBroker } from "@leasehold/contracts";
import { systemRandom } from "@leasehold/kernel";
import { afterEach, expect, test, vi } from "vitest";
import type { ProofRequest } from "../src/installation.ts";
import { openSession, type SeatSession } from "../src/seat-session.ts";
import { FakeBroker } from "./fake-broker.ts";
import { failure } from "./fake-server.ts";
import { someInstallation } from "./some-installation.ts";

const { RenewalOutcome } = seatBroker;
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

const proofs: ProofRequest[] = [];

/** A session that begins with the first broker. */
function session(...brokers: FakeBroker[]): SeatSession {
  return cleanUp.use(
    openSession({
      installation: someInstallation(proofs),
      seatBrokers: brokers.map(({ address }) => address),
      application: "studio 7.1",
      random: (length) => (length === 2 ? new Uint8Array(2) : systemRandom(length)),
    }),
  );
}

test("a seat that is acquired is held, kept up by heartbeats with the newest token, and released", async () => {
  const served = await broker();
  const client = session(served);
  const seat = await client.acquire({ user: "ada" });
  expect(seat.held()).toBe(true);
  expect(seat.fencingToken).toBe(1n);
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(4);
  expect(seat.held()).toBe(true);
  expect(new Set(served.heartbeats.map(({ token }) => token)).size).toBeGreaterThan(2);
  await seat.release();
  expect(seat.held()).toBe(false);
  expect(seat.end).toBe("released");
  expect(served.released).toEqual(served.acquired);
});

test("certificates that a refresh brought are shown from then on, and no stream is opened for it", async () => {
  const served = await broker();
  const client = session(served);
  await client.acquire();
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(0);
  const [before, signed] = [served.credentials.length, proofs.length];
  const renewed = { ...someInstallation(proofs), certificate: "renewed", issuedAt: 2 };
  client.renew(renewed);
  client.renew({ ...renewed, certificate: "older", issuedAt: 1 });
  const heard = served.heartbeats.length;
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(heard + 2);
  expect(served.credentials).toHaveLength(before);
  await client.acquire();
  expect(served.credentials.at(-1)?.installation).toBe("renewed");
  expect(proofs).toHaveLength(signed);
  for (const stream of served.streams) stream.end();
  await expect.poll(() => served.credentials.length, eventually).toBeGreaterThan(before + 1);
  expect(served.credentials.at(-1)?.installation).toBe("renewed");
});

test("a session goes on with certificates of its own installation only", async () => {
  const client = session(await broker());
  const other = { ...someInstallation(), name: "installations/other" };
  expect(() => client.renew(other)).toThrow(RangeError);
  expect(() => client.renew({ ...someInstallation(), deployment: "other" })).toThrow(RangeError);
});

test("by certificates that have ended features are locked, and by new ones they are there again", async () => {
  const served = await broker();
  const ended = { ...someInstallation(), refreshBy: 1 };
  const seatBrokers = [served.address];
  const client = cleanUp.use(
    openSession({ installation: ended, seatBrokers, application: "studio 7.1" }),
  );
  expect(client.state).toMatchObject({ state: "limited", cause: "refresh" });
  expect(client.hasFeature("workflow")).toBe(false);
  const told = once(client.events, "stateChanged");
  client.renew({ ...someInstallation(), issuedAt: Date.now() });
  expect(client.state.state).toBe("ok");
  expect(client.hasFeature("workflow")).toBe(true);
  await told;
});

test("calls carry the certificate, and one proof for the broker's service", async () => {
  const served = await broker();
  const client = session(served);
  await client.acquire();
  await client.acquire();
  for (const shown of served.credentials) expect(shown.installation).toBe("certificate");
  expect(new Set(served.credentials.map(({ proof }) => proof)).size).toBe(1);
  expect(proofs.at(-1)!.audience).toBe(
    "dev.leasehold.local/leasehold.seatbroker.v1.SeatBrokerService",
  );
});

test("all seats of a session are kept up on one stream, in shared messages", async () => {
  const served = await broker();
  const client = session(served);
  await Promise.all(Array.from({ length: 20 }, () => client.acquire()));
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(60);
  expect(served.streams.size).toBe(1);
  expect(Math.max(...served.heartbeats.map(({ messages }) => messages))).toBeGreaterThan(10);
});

test("a refusal comes through with its reason and hint, and is not cancelled", async () => {
  const served = await broker();
  served.refusal = failure(status.RESOURCE_EXHAUSTED, "NO_SEATS", { retryAfterMs: 750 });
  const client = session(served);
  await expect(client.acquire()).rejects.toMatchObject({ reason: "NO_SEATS", retryAfterMs: 750 });
  await client[Symbol.asyncDispose]();
  expect(served.released).toEqual([]);
});

test("a holder that gets no answers is warned, loses its seat at the deadline, and never gets it back", async () => {
  const served = await broker();
  served.validityMs = 800;
  const client = session(served);
  const seat = await client.acquire();
  const warned = once(seat.events, "jeopardy");
  const lost = once(seat.events, "lost");
  served.outcome = "silence";
  expect(await warned).toMatchObject([{ remainingMs: expect.any(Number) as number }]);
  expect(seat.held()).toBe(true);
  expect(await lost).toEqual([{ cause: "silence" }]);
  expect(seat.held()).toBe(false);
  const beats = served.heartbeats.length;
  served.outcome = RenewalOutcome.RENEWED;
  const next = await client.acquire();
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(beats + 2);
  expect(seat.held()).toBe(false);
  expect(next.held()).toBe(true);
  expect(new Set(served.heartbeats.slice(beats).map(({ leaseId }) => leaseId)).size).toBe(1);
});

test.each([
  [RenewalOutcome.EXPIRED, "lost"],
  [RenewalOutcome.TOKEN_INVALID, "lost"],
  [RenewalOutcome.REVOKED, "revoked"],
] as const)("a heartbeat answered with %s ends the seat as %s", async (outcome, event) => {
  const served = await broker();
  const seat = await session(served).acquire();
  const ended = once(seat.events, event);
  served.outcome = outcome;
  await ended;
  expect(seat.held()).toBe(false);
  expect(seat.end).toBe(event);
});

test("a heartbeat that cannot be decided now is repeated until it can", async () => {
  const served = await broker();
  const seat = await session(served).acquire();
  served.outcome = RenewalOutcome.RETRY;
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(2);
  served.outcome = RenewalOutcome.RENEWED;
  const beats = served.heartbeats.length;
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(beats + 4);
  expect(seat.held()).toBe(true);
});

test("a silent broker is left for the next one before the seat is in danger", async () => {
  const [first, second] = [await broker(), await broker()];
  const client = session(first, second);
  const seat = await client.acquire();
  const warned = vi.fn<() => void>();
  seat.events.on("jeopardy", warned);
  first.outcome = "silence";
  await expect.poll(() => second.heartbeats.length, eventually).toBeGreaterThan(2);
  expect(seat.held()).toBe(true);
  expect(warned).not.toHaveBeenCalled();
  expect(first.streams.size).toBe(0);
});

test("a broker that opens a stream and says nothing is left too", async () => {
  const [first, second] = [await broker(), await broker()];
  first.mute = true;
  const client = session(first, second);
  const connected = once(client.events, "connected");
  const seat = await client.acquire();
  await connected;
  expect(second.streams.size).toBe(1);
  expect(seat.held()).toBe(true);
});

test("a killed broker costs no seat when another one answers", async () => {
  const [first, second] = [await broker(), await broker()];
  const client = session(first, second);
  await once(client.events, "connected");
  const seat = await client.acquire();
  first.kill();
  await expect.poll(() => second.heartbeats.length, eventually).toBeGreaterThan(4);
  expect(seat.held()).toBe(true);
  expect((await client.acquire()).held()).toBe(true);
});

test("a broker that restarts in time costs no seat", async () => {
  const served = await broker();
  served.validityMs = 4_000;
  const client = session(served);
  await once(client.events, "connected");
  const seat = await client.acquire();
  const { port } = served;
  const left = once(client.events, "disconnected");
  served.kill();
  await left;
  await served.start(port);
  const beats = served.heartbeats.length;
  await expect.poll(() => served.heartbeats.length, eventually).toBeGreaterThan(beats + 1);
  expect(seat.held()).toBe(true);
});

test("a draining broker is left after the pause that it asked for, and seats stay held", async () => {
  const [first, second] = [await broker(), await broker()];
  const client = session(first, second);
  await once(client.events, "connected");
  const seat = await client.acquire();
  const again = once(client.events, "connected");
  first.tell({ $case: "draining", value: { retryAfter: durationFromMs(50) } });
  await again;
  expect(first.streams.size).toBe(0);
  await expect.poll(() => second.heartbeats.length, eventually).toBeGreaterThan(2);
  expect(seat.held()).toBe(true);
});

test("acquiring turns to the next broker with the same lease id", async () => {
  const [first, second] = [await broker(), await broker()];
  first.refusal = failure(status.UNAVAILABLE, "DRAINING");
  const seat = await session(first, second).acquire();
  expect(seat.held()).toBe(true);
  expect(new Set(first.acquired)).toEqual(new Set(second.acquired));
});

test("an acquire that was given up is cancelled under its lease id", async () => {
  const served = await broker();
  served.refusal = "silence";
  const client = session(served);
  const giveUp = new AbortController();
  const acquiring = client.acquire({ signal: giveUp.signal });
  await expect.poll(() => served.acquired.length, eventually).toBe(1);
  giveUp.abort();
  await expect(acquiring).rejects.toMatchObject({ reason: "CANCELLED" });
  await expect.poll(() => served.released, eventually).toEqual(served.acquired);
});

test("an attempt that may have succeeded somewhere is cancelled when another broker refuses", async () => {
  const [first, second] = [await broker(), await broker()];
  first.refusal = failure(status.UNAVAILABLE, "DEPENDENCY_UNAVAILABLE");
  second.refusal = failure(status.RESOURCE_EXHAUSTED, "NO_SEATS");
  await expect(session(first, second).acquire()).rejects.toMatchObject({ reason: "NO_SEATS" });
  await expect.poll(() => first.released, eventually).toEqual(second.acquired);
});

test("a grant that arrives after its validity is given back and not used", async () => {
  const served = await broker();
  served.validityMs = 0;
  await expect(session(served).acquire()).rejects.toMatchObject({ reason: "DEADLINE_EXCEEDED" });
  await expect.poll(() => served.released, eventually).toEqual(served.acquired);
});

test("a wrong clock is corrected and the call made again", async () => {
  const served = await broker();
  const client = session(served);
  const serverTime = new Date(Date.now() + 86_400_000).toISOString();
  served.refusal = failure(status.UNAUTHENTICATED, "CLOCK_SKEW", {
    metadata: { server_time: serverTime },
  });
  await expect(client.acquire()).rejects.toMatchObject({ reason: "CLOCK_SKEW" });
  expect(served.acquired).toHaveLength(2);
  served.refusal = undefined;
  await client.acquire();
  expect(proofs.at(-1)!.issuedAt).toBeGreaterThan(Date.now() + 86_000_000);
});

test("calls that fail together over a wrong clock are all made again", async () => {
  const served = await broker();
  served.clockAheadMs = 86_400_000;
  const client = session(served);
  const seats = await Promise.all([client.acquire(), client.acquire(), client.acquire()]);
  expect(seats.every((seat) => seat.held())).toBe(true);
});

test("brokers that disagree about the time are not asked for ever", async () => {
  const served = await broker();
  served.clockAheadMs = 0;
  served.refusal = failure(status.UNAUTHENTICATED, "CLOCK_SKEW", {
    metadata: { server_time: new Date(Date.now() + 86_400_000).toISOString() },
  });
  await expect(session(served).acquire()).rejects.toMatchObject({ reason: "CLOCK_SKEW" });
});

test("a change of the license is told once, and feature checks follow it", async () => {
  const served = await broker();
  const client = session(served);
  const told = vi.fn<(seats: number) => void>();
  client.events.on("licenseChanged", ({ seats }) => told(seats));
  await once(client.events, "connected");
  expect(client.hasFeature("workflow")).toBe(true);
  served.changeLicense({ seats: 5 });
  await expect.poll(() => client.license.seats, eventually).toBe(5);
  expect(client.hasFeature("workflow")).toBe(false);
  expect(client.hasFeature("dataflow")).toBe(true);
  served.revision--;
  served.changeLicense({ seats: 9 });
  served.changeLicense({ seats: 6 });
  await expect.poll(() => client.license.seats, eventually).toBe(6);
  expect(told.mock.calls).toEqual([[5], [6]]);
});

test("when the license is revoked, every seat ends at once", async () => {
  const served = await broker();
  const client = session(served);
  await once(client.events, "connected");
  const seats = [await client.acquire(), await client.acquire()];
  const revoked = Promise.all(seats.map(({ events }) => once(events, "revoked")));
  served.changeLicense({ state: LicenseState.REVOKED });
  await revoked;
  expect(seats.map((seat) => seat.held())).toEqual([false, false]);
  expect(client.hasFeature("dataflow")).toBe(false);
});

test("a seat says what it takes, and whether it is beyond the license's seats", async () => {
  const served = await broker();
  const client = session(served);
  const plain = await client.acquire();
  served.overdraft = true;
  const claimed = await client.acquire({ seats: 3, features: ["dataflow", "workflow"] });
  expect([plain.claim, plain.overdraft]).toEqual([{ seats: 1, features: [] }, false]);
  expect(claimed.claim).toEqual({ seats: 3, features: ["dataflow", "workflow"] });
  expect(claimed.overdraft).toBe(true);
  expect(served.requests.map(({ claim }) => claim)).toEqual([plain.claim, claimed.claim]);
});

test.each([
  ["NO_SEATS", status.RESOURCE_EXHAUSTED, { feature: "dataflow" }],
  ["HOLDER_EXCLUDED", status.PERMISSION_DENIED, {}],
  ["FEATURE_NOT_LICENSED", status.FAILED_PRECONDITION, { feature: "dataflow" }],
  ["LEASE_REVOKED", status.FAILED_PRECONDITION, {}],
  ["POOL_DRAINED", status.UNAVAILABLE, {}],
] as const)("%s comes through with what it says", async (reason, code, metadata) => {
  const served = await broker();
  served.refusal = failure(code, reason, { metadata });
  await expect(session(served).acquire()).rejects.toMatchObject({ reason, metadata });
});

test("a seat that an administrator takes back ends at once, with the reason, and is given back", async () => {
  const served = await broker();
  const client = session(served);
  await once(client.events, "connected");
  const [seat, other] = [await client.acquire(), await client.acquire()];
  const revoked = once(seat.events, "revoked");
  const leaseId = Buffer.from(served.acquired[0]!, "hex");
  served.tell({ $case: "seatRevoked", value: { leaseId, reason: "needed elsewhere" } });
  expect(await revoked).toEqual([{ reason: "needed elsewhere" }]);
  expect([seat.held(), seat.end, other.held()]).toEqual([false, "revoked", true]);
  await expect.poll(() => served.released, eventually).toEqual([served.acquired[0]]);
  await seat.release();
  expect(served.released).toHaveLength(1);
});

test("a pool that is drained or resumed is told, though its license is the same", async () => {
  const served = await broker();
  const client = session(served);
  const told: boolean[] = [];
  client.events.on("licenseChanged", ({ drained }) => told.push(drained));
  await once(client.events, "connected");
  for (const drained of [true, true, false]) served.drain(drained);
  await expect.poll(() => told, eventually).toEqual([true, false]);
  expect(client.license.drained).toBe(false);
});

test("an event that this version does not know is passed over", async () => {
  const served = await broker();
  const client = session(served);
  const disconnected = vi.fn<() => void>();
  client.events.on("disconnected", disconnected);
  await once(client.events, "connected");
  served.tellUnknown();
  served.changeLicense({ seats: 5 });
  await expect.poll(() => client.license.seats, eventually).toBe(5);
  expect(disconnected).not.toHaveBeenCalled();
});

test("a closing session releases its seats, and acquires no more", async () => {
  const served = await broker();
  const client = session(served);
  const seats = [await client.acquire(), await client.acquire()];
  await client[Symbol.asyncDispose]();
  expect(new Set(served.released)).toEqual(new Set(served.acquired));
  expect(seats.some((seat) => seat.held())).toBe(false);
  await expect(client.acquire()).rejects.toMatchObject({ reason: "CANCELLED" });
});

test("a closing session cancels what it is still acquiring", async () => {
  const served = await broker();
  served.refusal = "silence";
  const client = session(served);
  const acquiring = client.acquire().catch((reason: unknown) => reason);
  await expect.poll(() => served.acquired.length, eventually).toBe(1);
  await client[Symbol.asyncDispose]();
  expect(await acquiring).toMatchObject({ reason: "CANCELLED" });
  expect(served.released).toEqual(served.acquired);
});

test("a listener that throws costs other seats nothing", async () => {
  const served = await broker();
  const client = session(served);
  const seats = [await client.acquire(), await client.acquire()];
  const uncaught = new Promise((resolve) => process.once("uncaughtException", resolve));
  seats[0]!.events.on("lost", () => {
    throw new Error("the application's own fault");
  });
  const other = once(seats[1]!.events, "lost");
  served.outcome = RenewalOutcome.EXPIRED;
  await other;
  await expect(uncaught).resolves.toMatchObject({ message: "the application's own fault" });
});
