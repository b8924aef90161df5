import { expect, test } from "vitest";
import type { Uuid } from "@leasehold/kernel";
import type { BrokerEvents, PoolStart, PoolStore, SeatStore } from "./ports.ts";
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
  await recoverPool({ seats, pools, events, restore: async () => undefined })(LICENSE);
  return NOW - since;
}

test("an incarnation is taken to be as old as the clock is vouched for", async () => {
  expect(await ageOf(NOW - 5_000, NOW - 9_000)).toBe(5_000);
  expect(await ageOf(NOW - 9_000, NOW - 5_000)).toBe(5_000);
  // Seen first by a clock that has stepped back since.
  expect(await ageOf(NOW + 9_000, NOW - 5_000)).toBe(0);
});
