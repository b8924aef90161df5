import { Problem, type Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { someHolder, somePool, someUuid } from "../../test/some-pool.ts";
import type { PoolInForce } from "../domain/pool.ts";
import { OPEN_POLICY } from "../domain/seat-policy.ts";
import { decideClaimOf } from "./decide-claim.ts";
import { poolTerms } from "./pool-terms.ts";
import { reasonOf } from "../../test/problem-of.ts";

function inForce(terms: Parameters<typeof somePool>[0] = {}): PoolInForce {
  return { ...somePool(terms), drain: { drained: false, revision: 0n } };
}

/** Both stores, and how often each was asked. */
function stores(inRedis: PoolInForce | undefined | Problem, inPostgres?: PoolInForce) {
  const asked = { redis: 0, postgres: 0 };
  const state = { inRedis, inPostgres };
  const seats = {
    readTerms: () => {
      asked.redis += 1;
      const { inRedis: told } = state;
      return told instanceof Problem ? Promise.reject(told) : Promise.resolve(told);
    },
  };
  const pools = {
    read: () => {
      asked.postgres += 1;
      return Promise.resolve(state.inPostgres);
    },
  };
  return { asked, state, terms: poolTerms({ seats, pools }) };
}

test("terms are read once, and again when they are to be", async () => {
  const first = inForce();
  const { asked, state, terms } = stores(first);
  expect([await terms.of(first.license), await terms.of(first.license)]).toEqual([first, first]);
  expect(asked).toEqual({ redis: 1, postgres: 0 });
  const second = { ...first, revision: 2n };
  state.inRedis = second;
  expect(await terms.of(first.license)).toBe(first);
  expect(await terms.refresh(first.license)).toBe(second);
  expect(await terms.of(first.license)).toBe(second);
});

test("each license has its own", async () => {
  const { asked, terms } = stores(inForce());
  await terms.of(someUuid());
  await terms.of(someUuid());
  expect(asked.redis).toBe(2);
});

test("where Redis has none, or is away, they are Postgres'", async () => {
  const pool = inForce();
  const away = new Problem("DEPENDENCY_UNAVAILABLE", { message: "away" });
  for (const inRedis of [undefined, away])
    expect(await stores(inRedis, pool).terms.of(pool.license)).toBe(pool);
});

test("that there is no such license is not kept in mind", async () => {
  const pool = inForce();
  const { state, terms } = stores(undefined);
  expect(await reasonOf(terms.of(pool.license))).toBe("NOT_FOUND");
  state.inPostgres = pool;
  expect(await terms.of(pool.license)).toBe(pool);
});

test("terms that were told take the place of older ones that are in mind, and of no others", async () => {
  const first = inForce({ revision: 2n });
  const { asked, terms } = stores(first);
  terms.learn({ ...first, revision: 3n });
  expect(await terms.of(first.license)).toBe(first);
  terms.learn({ ...first, revision: 1n });
  expect(await terms.of(first.license)).toBe(first);
  const newer = { ...first, revision: 3n };
  terms.learn(newer);
  expect(await terms.of(first.license)).toBe(newer);
  expect(asked.redis).toBe(1);
});

test("terms that were told while older ones were read are those in mind", async () => {
  const old = inForce({ revision: 2n });
  const { terms } = stores(old);
  const reading = terms.of(old.license);
  const newer = { ...old, revision: 3n };
  terms.learn(newer);
  expect(await reading).toBe(newer);
  expect(await terms.of(old.license)).toBe(newer);
});

test("terms of an earlier revision that are in force again are read as they are", async () => {
  const newer = inForce({ revision: 5n });
  const { state, terms } = stores(newer);
  await terms.of(newer.license);
  const restored = { ...newer, revision: 4n };
  state.inRedis = restored;
  expect(await terms.refresh(newer.license)).toBe(restored);
  expect(await terms.of(newer.license)).toBe(restored);
});

const request = (license: Uuid, features: readonly string[] = []) => ({
  license,
  holder: { ...someHolder(), user: "ada" },
  claim: { seats: 1, features },
});

test("a claim is decided by the terms that are known, and tells their revision", async () => {
  const pool = inForce({ revision: 7n });
  const { asked, terms } = stores(pool);
  const decided = { packed: "", priority: 0, revision: 7n };
  expect(await decideClaimOf(terms, request(pool.license))).toMatchObject(decided);
  expect(await decideClaimOf(terms, request(pool.license))).toMatchObject(decided);
  expect(asked.redis).toBe(1);
});

test("nobody is refused by terms of which newer ones are in force", async () => {
  const old = inForce();
  const ada = { group: "a", users: ["ada"], hosts: [], installations: [], reservedSeats: 0 };
  const without = { ...OPEN_POLICY, groups: [{ ...ada, priority: 0 }], excludeGroups: ["a"] };
  const excluding = { ...old, terms: { ...old.terms, policy: without } };
  const { state, terms } = stores(excluding);
  const call = () => decideClaimOf(terms, request(old.license, ["cam"]));
  expect(await reasonOf(call())).toBe("HOLDER_EXCLUDED");
  state.inRedis = old;
  expect(await reasonOf(call())).toBe("FEATURE_NOT_LICENSED");
  state.inRedis = { ...old, terms: { ...old.terms, features: [{ feature: "cam" }] } };
  expect(await call()).toMatchObject({ packed: "1,,,cam" });
});
