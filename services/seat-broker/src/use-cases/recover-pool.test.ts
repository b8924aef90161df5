import { expect, test } from "vitest";
import type { Uuid } from "@leasehold/kernel";
import type { BrokerEvents, SeatStore } from "./ports.ts";
import type { PoolStart, PoolStore } from "./pool-ports.ts";
import { recoverPool } from "./recover-pool.ts";

const LICENSE = "0196e4a0-0000-7000-8000-000000000001" as Uuid;
const NOW = 1_000_000;

/** How long an incarnation that was first seen then is said to have been there. */
async function ageOf(firstSeen: number, trustedSince: number): Promise<number> {
  let since = 0;
  const seats = {
    readIncarnation: async () => ({ now: NOW, name: "this", trustedSince }),
    setUp: async (setUp: { readonly since: number }) => {
      since = setUp.since;
      return "set-up" as const;
    },
  } satisfies Partial<SeatStore> as unknown as SeatStore;
  const pools = {
    sight: async () => firstSeen,
    start: async () => ({ epoch: 2n }) as PoolStart,
    read: async () => undefined,
  } satisfies Partial<PoolStore> as unknown as PoolStore;
  const events = { poolRecovered: () => undefined } as unknown as BrokerEvents;
  const restore = async () => undefined;
  await recoverPool({ seats, pools, events, restore, pause: async () => undefined })(LICENSE);
  return NOW - since;
}

test("of brokers that meet at the first use of a pool the one with the first epoch goes first", async () => {
  const setUps: bigint[] = [];
  const taken = Promise.withResolvers<void>();
  const seats = {
    readIncarnation: async () => ({ now: NOW, name: "this", trustedSince: NOW }),
    setUp: async ({ start }: { readonly start: PoolStart }) => {
      setUps.push(start.epoch);
      if (start.epoch === 1n) taken.resolve();
      return "set-up" as const;
    },
  } satisfies Partial<SeatStore> as unknown as SeatStore;
  let epoch = 0n;
  const pools = {
    sight: async () => NOW,
    // The first is told of its epoch last.
    start: async () => {
      const own = (epoch += 1n);
      if (own === 1n) await new Promise((resolve) => setImmediate(resolve));
      return { epoch: own } as PoolStart;
    },
    read: async () => undefined,
  } satisfies Partial<PoolStore> as unknown as PoolStore;
  const events = { poolRecovered: () => undefined } as unknown as BrokerEvents;
  const restore = async () => undefined;
  const ports = { seats, pools, events, restore, pause: () => taken.promise };
  await Promise.all([recoverPool(ports)(LICENSE), recoverPool(ports)(LICENSE)]);
  expect(setUps).toEqual([1n, 2n]);
});

test("an incarnation is taken to be as old as the clock is vouched for", async () => {
  expect(await ageOf(NOW - 5_000, NOW - 9_000)).toBe(5_000);
  expect(await ageOf(NOW - 9_000, NOW - 5_000)).toBe(5_000);
  // Seen first by a clock that has stepped back since.
  expect(await ageOf(NOW + 9_000, NOW - 5_000)).toBe(0);
});
