import { Problem } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { somePool } from "../../test/some-pool.ts";
import type { Pool, PoolInForce } from "../domain/pool.ts";
import { type LookForUnnamedPorts, unnamedSeats } from "./look-for-unnamed.ts";
import type { PoolStanding } from "./ports.ts";

const NAMED: PoolInForce = {
  ...somePool({ model: "NAMED_USER", validityMs: 3_000, graceMs: 1_000 }),
  drain: { drained: false, revision: 0n },
};

/** Looks `rounds` times; tells which pools were looked at, and what went wrong. */
async function looking(rounds: number, pool: Pool, given: Partial<LookForUnnamedPorts> = {}) {
  const [looked, wrong]: [string[], unknown[]] = [[], []];
  const control = new AbortController();
  let left = rounds;
  const unnamed = unnamedSeats({
    takeBack: (one) => {
      looked.push(one.license);
      return Promise.resolve();
    },
    seats: { readStanding: () => Promise.resolve(standing(false)) },
    pools: { read: () => Promise.resolve(NAMED) },
    events: { unnamedNotTakenBack: (error) => void wrong.push(error) },
    pause: () => {
      left -= 1;
      if (left === 0) control.abort();
      return Promise.resolve();
    },
    ...given,
  });
  await unnamed.takeBack(pool);
  await unnamed.lookAgain(control.signal);
  return { looked, wrong };
}

function standing(sure: boolean): PoolStanding {
  return {
    live: 0,
    waiting: 0,
    sure: sure ? { epoch: 1n, revision: 1n } : undefined,
    subPools: [],
  };
}

test("a pool that is sure who holds its seats is looked at once", async () => {
  const seats = { readStanding: () => Promise.resolve(standing(true)) };
  expect((await looking(3, NAMED, { seats })).looked).toEqual([NAMED.license]);
});

test("a pool that recovers is looked at again, until it is sure", async () => {
  let asked = 0;
  const seats = { readStanding: () => Promise.resolve(standing(++asked === 3)) };
  expect((await looking(9, NAMED, { seats })).looked).toHaveLength(3);
});

test("a pool that nobody sets up is let go once no lease can live any more", async () => {
  // 2 × 4 s and two minutes, every five seconds.
  expect((await looking(100, NAMED)).looked).toHaveLength(1 + 26);
});

test("a license that names nobody is not looked at again", async () => {
  expect((await looking(3, somePool())).looked).toHaveLength(1);
});

test("what goes wrong is told, and tried again", async () => {
  const broken = new Problem("DEPENDENCY_UNAVAILABLE");
  const answers = [() => Promise.reject(broken), () => Promise.resolve(NAMED)];
  const pools = { read: () => (answers.shift() ?? (() => Promise.resolve(NAMED)))() };
  const { looked, wrong } = await looking(2, NAMED, { pools });
  expect([looked.length, wrong]).toEqual([2, [broken]]);
});
