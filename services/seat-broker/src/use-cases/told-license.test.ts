import { expect, test } from "vitest";
import type { Pool } from "../domain/pool.ts";
import { toldLicense } from "./told-license.ts";

const poolOf = (revision: bigint) => ({ revision }) as Pool;
const drainOf = (revision: bigint) => ({ drained: revision % 2n === 1n, revision });

test("a license is told once terms and drain are both known", () => {
  const told = toldLicense();
  expect(told.learn({ pool: poolOf(2n) })).toBeUndefined();
  expect(told.learn({ pool: poolOf(1n), drain: drainOf(0n) })).toEqual({
    revision: 2n,
    drain: drainOf(0n),
  });
});

test("what is as old as what was told is not told again", () => {
  const told = toldLicense();
  told.learn({ pool: poolOf(3n), drain: drainOf(3n) });
  expect(told.learn({ pool: poolOf(3n), drain: drainOf(3n) })).toBeUndefined();
  expect(told.learn({ pool: poolOf(2n) })).toBeUndefined();
  expect(told.learn({ drain: drainOf(2n) })).toBeUndefined();
});

test("each part goes on by itself, and neither goes back with the other", () => {
  const told = toldLicense();
  told.learn({ pool: poolOf(3n), drain: drainOf(3n) });
  expect(told.learn({ drain: drainOf(4n) })).toEqual({ revision: 3n, drain: drainOf(4n) });
  expect(told.learn({ pool: poolOf(4n), drain: drainOf(1n) })).toEqual({
    revision: 4n,
    drain: drainOf(4n),
  });
});
