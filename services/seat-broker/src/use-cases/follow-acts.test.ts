import { Problem, type Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { leaseIdOf } from "../domain/lease-id.ts";
import type { PoolInForce } from "../domain/pool.ts";
import type { AdministrationAct } from "./administration-ports.ts";
import { followActs } from "./follow-acts.ts";
import { licenseWatchers } from "./license-watchers.ts";
import type { SeatStore } from "./ports.ts";
import type { PoolStore } from "./pool-ports.ts";

const LICENSE = "018f0000-0000-7000-8000-000000000001" as Uuid;
const DRAIN = { drained: true, revision: 7n };

function revocation(number: bigint): AdministrationAct {
  const id = leaseIdOf(LICENSE, `lease${number}`);
  const deed = { kind: "seat-revoked", id, installation: undefined, immediate: false, reason: "" };
  return { number, license: LICENSE, deed } as AdministrationAct;
}

const ACTS: readonly AdministrationAct[] = [
  revocation(1n),
  { number: 2n, license: LICENSE, deed: { kind: "drain-changed" } },
  revocation(3n),
];

/** Follows three acts until all are done; the first attempts at one step fail with these. */
async function follow(step = "", failures: readonly Error[] = []) {
  const done: string[] = [];
  const control = new AbortController();
  const failing = [...failures];
  const perform = <Result>(name: string, result: Result): Promise<Result> => {
    const failure = name === step ? failing.shift() : undefined;
    if (failure) return Promise.reject(failure);
    done.push(name);
    return Promise.resolve(result);
  };
  const watchers = licenseWatchers();
  watchers.watch(LICENSE, (news) => void done.push(`tell ${news.kind}`));
  const seats: Partial<SeatStore> = {
    revoke: (_, { member }) => perform(`revoke ${member}`, { kind: "revoked" }),
    drain: (_, { revision }) => perform(`drain ${revision}`, undefined),
  };
  const pools: Partial<PoolStore> = {
    read: () => Promise.resolve({ license: LICENSE, drain: DRAIN } as PoolInForce),
  };
  const interruptions: unknown[] = [];
  const ports = {
    acts: {
      head: () => Promise.resolve(0n),
      watch: async function* (after: bigint) {
        yield* ACTS.filter(({ number }) => number > after);
        control.abort();
      },
    },
    seats: seats as SeatStore,
    pools: pools as PoolStore,
    watchers,
    recover: () => Promise.resolve(),
    restore: () => Promise.resolve(),
    terms: { of: () => Promise.reject(new Error()), refresh: () => Promise.reject(new Error()) },
    events: { actsInterrupted: (error: unknown) => void interruptions.push(error) },
    pause: () => Promise.resolve(),
  };
  await followActs(ports, 0n, control.signal);
  return { done, interruptions };
}

const ALL = [
  "revoke lease1",
  "tell seat-revoked",
  "drain 7",
  "tell drain-changed",
  "revoke lease3",
  "tell seat-revoked",
];

test("acts are done in their order, and told once they are done", async () => {
  expect((await follow()).done).toEqual(ALL);
});

test.each(["revoke lease1", "drain 7", "revoke lease3"])(
  "where %s fails it is done again, and nothing is left out or told twice",
  async (step) => {
    const away = new Problem("DEPENDENCY_UNAVAILABLE");
    const { done, interruptions } = await follow(step, [away, away]);
    expect(done).toEqual(ALL);
    expect(interruptions).toEqual([away, away]);
  },
);

test("a pool that recovers holds up nobody: it is given back what was taken back", async () => {
  const { done, interruptions } = await follow("revoke lease1", [new Problem("RECOVERING")]);
  expect(done).toEqual(ALL.slice(1));
  expect(interruptions).toEqual([]);
});
