import { barredInstallations } from "./barred-installations.ts";
import { type Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { leaseIdOf } from "../domain/lease-id.ts";
import { someTerms } from "../../test/some-terms.ts";
import { someHolder } from "../../test/some-pool.ts";
import { licenseWatchers } from "./license-watchers.ts";
import type { Undecided, WaitOutcome } from "./ports.ts";
import { seatWakes } from "./seat-wakes.ts";
import { waitForSeat } from "./wait-for-seat.ts";

const LICENSE = "0190f5fe-7c00-7a00-8000-000000000001" as Uuid;
const id = leaseIdOf(LICENSE, "AZD1_nwAegCAAAAAAAAAAg");
const RECOVERING: Undecided = { kind: "recovering", endsInMs: 400 };

function waitingAt(seenAt: number, ahead: number): WaitOutcome {
  return { kind: "waiting", place: { order: 7, seenAt }, ahead, nextInMs: 60_000 };
}

const TURN: WaitOutcome = { kind: "turn", place: { order: 7, seenAt: 99 }, lapsesInMs: 3_000 };

/** A queue that answers as told, in which time costs nothing. */
function queue(outcomes: readonly WaitOutcome[], beforeEach = (_call: number): void => undefined) {
  const orders: (number | undefined)[] = [];
  const pauses: number[] = [];
  let left = 0;
  const ports = {
    ...someTerms(),
    seats: {
      wait: ({ place }: { readonly place: { readonly order: number } | undefined }) => {
        beforeEach(orders.length);
        orders.push(place?.order);
        return Promise.resolve(outcomes[orders.length - 1] ?? TURN);
      },
      leaveQueue: () => Promise.resolve(void left++),
      readIncarnation: () => Promise.resolve({ now: 0, name: "a", trustedSince: 0 }),
    },
    recover: () => Promise.resolve(),
    wakes: seatWakes(),
    watchers: licenseWatchers(),
    barred: barredInstallations(),
    pause: (ms: number) => Promise.resolve(void pauses.push(ms)),
    chance: () => 1,
  };
  const [gone, leaving] = [new AbortController(), new AbortController()];
  const request = {
    license: LICENSE,
    id,
    holder: someHolder(),
    claim: { seats: 1, features: [] },
    place: undefined,
  };
  const steps = waitForSeat(ports, request, { gone: gone.signal, leaving: leaving.signal });
  return { steps, orders, pauses, gone, leaving, left: () => left };
}

test("a place is told when it changes, and again before its ticket is old", async () => {
  const { steps, orders, left } = queue(
    [0, 6_000, 12_000, 18_000].map((at) => waitingAt(at, 2)).concat(waitingAt(20_000, 1)),
  );
  const told = await Array.fromAsync(steps);
  expect(told).toMatchObject([
    { kind: "position", ahead: 2, estimateMs: undefined, place: { seenAt: 0 } },
    { kind: "position", ahead: 2, estimateMs: undefined, place: { seenAt: 18_000 } },
    { kind: "position", ahead: 1, estimateMs: 40_000, place: { seenAt: 20_000 } },
    { kind: "offer", lapsesInMs: 3_000 },
  ]);
  // Each call claims the order that the one before told.
  expect(orders).toEqual([undefined, 7, 7, 7, 7, 7]);
  expect(left()).toBe(0);
});

test("the queue is asked at least every second, and sooner when a lease is about to run out", async () => {
  const { steps, pauses } = queue([
    waitingAt(0, 0),
    { kind: "waiting", place: { order: 7, seenAt: 1 }, ahead: 0, nextInMs: 300 },
    { kind: "waiting", place: { order: 7, seenAt: 2 }, ahead: 0, nextInMs: 0 },
    { kind: "waiting", place: { order: 7, seenAt: 3 }, ahead: 100, nextInMs: 0 },
  ]);
  await Array.fromAsync(steps);
  expect(pauses).toEqual([1_000, 300, 50, 1_000]);
});

test("a pool that recovers is waited for", async () => {
  const { steps, pauses } = queue([RECOVERING, RECOVERING]);
  expect(await Array.fromAsync(steps)).toMatchObject([{ kind: "offer" }]);
  expect(pauses).toEqual([400, 400]);
});

test("a lease id that is over is not waited for", async () => {
  const { steps } = queue([waitingAt(0, 1), { kind: "released" }]);
  await expect(Array.fromAsync(steps)).rejects.toMatchObject({ reason: "LEASE_RELEASED" });
});

test("when the client goes its place is given up", async () => {
  const { steps, gone, left } = queue([waitingAt(0, 1), waitingAt(1, 1)], (call) => {
    if (call === 1) gone.abort();
  });
  expect(await Array.fromAsync(steps)).toHaveLength(1);
  expect(left()).toBe(1);
});

test("when the broker goes the client is sent elsewhere, and its place stays", async () => {
  const { steps, leaving, left } = queue([waitingAt(0, 1), waitingAt(1, 1)], (call) => {
    if (call === 1) leaving.abort();
  });
  await expect(Array.fromAsync(steps)).rejects.toMatchObject({ reason: "DRAINING" });
  expect(left()).toBe(0);
});
