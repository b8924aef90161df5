import { Problem, type Uuid } from "@leasehold/kernel";
import { expect, test, vi } from "vitest";
import type { Pool } from "../domain/pool.ts";
import { type BarredList, barredInstallations } from "./barred-installations.ts";
import { followEntitlements } from "./follow-entitlements.ts";
import { licenseWatchers } from "./license-watchers.ts";
import type { BrokerEvents, SeatStore } from "./ports.ts";
import type { FeedStep } from "./feed-ports.ts";
import type { PoolStore } from "./pool-ports.ts";

const LICENSE = "018f0000-0000-7000-8000-000000000001" as Uuid;

function change(position: bigint): FeedStep {
  const pool = { license: LICENSE, revision: position } as Pool;
  const barred = { license: LICENSE, installations: [LICENSE], revision: position };
  return { position, change: { kind: "pool", pool, barred } };
}

/** Follows a feed of three changes until it has caught up; `fail` fails a step once. */
async function follow(
  fail?: { readonly at: string },
  recalled: readonly BarredList[] = [],
  barred = barredInstallations(),
) {
  const done: string[] = [];
  const control = new AbortController();
  let failing = fail?.at;
  let position = 0n;
  const step = (name: string) => {
    if (failing === name) {
      failing = undefined;
      return Promise.reject(new Problem("DEPENDENCY_UNAVAILABLE"));
    }
    done.push(name);
    return Promise.resolve();
  };
  const watchers = licenseWatchers();
  watchers.watch(LICENSE, (news) => {
    if (news.kind === "license-changed") done.push(`tell ${news.pool.revision}`);
    if (news.kind === "barred-changed") done.push("tell barred");
  });
  const pauses: number[] = [];
  await followEntitlements(
    {
      source: {
        watch: async function* (after) {
          done.push(`watch after ${after}`);
          for (let at = after + 1n; at <= 3n; at += 1n) yield change(at);
          control.abort();
        },
      },
      feed: {
        position: () => Promise.resolve(position),
        advance: async (to) => {
          await step(`advance ${to}`);
          position = to;
        },
        trustBundle: () => Promise.resolve(undefined),
        keepTrustBundle: () => Promise.resolve(),
      },
      pools: {
        keep: ({ revision }) => step(`keep ${revision}`),
      } as Partial<PoolStore> as PoolStore,
      seats: {
        applyTerms: ({ revision }) => step(`apply ${revision}`),
      } as Partial<SeatStore> as SeatStore,
      takeBackUnnamed: ({ revision }) => step(`take back ${revision}`),
      terms: { learn: ({ revision }) => void done.push(`learn ${revision}`) },
      trust: {
        current: () => undefined,
        recall: () => Promise.resolve(),
        accept: () => Promise.resolve(),
      },
      barred,
      barredStore: {
        keep: ({ revision }) => step(`bar ${revision}`),
        all: () => Promise.resolve(recalled),
      },
      watchers,
      events: {
        entitlementApplied: () => undefined,
        feedInterrupted: vi.fn<BrokerEvents["feedInterrupted"]>(),
      } as Partial<BrokerEvents> as BrokerEvents,
      pause: (ms) => {
        pauses.push(ms);
        return Promise.resolve();
      },
      chance: () => 1,
    },
    control.signal,
  );
  return { done, pauses };
}

test("a change is kept, applied and told before the position passes it", async () => {
  const { done } = await follow();
  expect(done).toEqual([
    "watch after 0",
    ...[1, 2, 3].flatMap((at) => [
      `keep ${at}`,
      `bar ${at}`,
      `apply ${at}`,
      `learn ${at}`,
      `take back ${at}`,
      `tell ${at}`,
      "tell barred",
      `advance ${at}`,
    ]),
  ]);
});

test("whom another broker has heard to be barred is taken in before the feed is followed on", async () => {
  const list = { license: LICENSE, installations: [LICENSE], revision: 9n };
  const barred = barredInstallations();
  const { done } = await follow(undefined, [list], barred);
  expect(done.slice(0, 2)).toEqual(["tell barred", "watch after 0"]);
  // What the feed tells is older.
  expect(done.filter((step) => step === "tell barred")).toHaveLength(1);
  expect(barred.has(LICENSE, LICENSE)).toBe(true);
});

test.each(["keep 2", "bar 2", "apply 2", "take back 2", "advance 2"])(
  "when it fails to %s, the change is dealt with again",
  async (at) => {
    const { done, pauses } = await follow({ at });
    expect(done.filter((step) => step.startsWith("watch"))).toEqual([
      "watch after 0",
      "watch after 1",
    ]);
    expect(done.filter((step) => step.startsWith("advance"))).toEqual([
      "advance 1",
      "advance 2",
      "advance 3",
    ]);
    expect(done.lastIndexOf("apply 2")).toBeLessThan(done.indexOf("advance 2"));
    expect(pauses[0]).toBe(200);
  },
);
