import * as fc from "fast-check";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import type { LeaseOutcome, Returner } from "../src/use-cases/ports.ts";
import { type OpenStores, openStores } from "./open-stores.ts";
import { someHolder, someLease, somePool } from "./some-pool.ts";

const HOUR_MS = 3_600_000;

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

const LEASES = Array.from({ length: 8 }, () => someLease(newUuid(systemClock, systemRandom)));
const { installation } = someHolder();

/** A pool that lost its data, in which the first lease was taken back before, and the second is released since. */
async function bereft(seats: number, room: number): Promise<Pool> {
  const pool = somePool({
    seats,
    features: [{ feature: "dataflow", limit: 2n }, { feature: "diagrams" }],
  });
  const { seats: store } = stores;
  const { now, name } = await store.readIncarnation(pool.license);
  const start = { pool: { ...pool, drain: { drained: false, revision: 0n } }, epoch: 2n, room };
  await store.setUp({
    incarnation: { now, name, trustedSince: 0 },
    since: now - HOUR_MS,
    start: { ...start, longestLeaseMs: HOUR_MS },
  });
  const revoked = [LEASES[0]!.member];
  await store.restore(pool.license, () => Promise.resolve({ epoch: 2n, revoked, borrowed: [] }));
  await store.release(pool.license, LEASES[1]!, installation);
  return pool;
}

async function outcomesOf(pool: Pool, returners: readonly Returner[]) {
  const outcome = await stores.seats.readmit(pool.license, returners);
  if (outcome.kind !== "decided") throw new Error(`nothing was decided: ${outcome.kind}`);
  return outcome.outcomes;
}

/** What a pool is then: who is in it, and what of its seats is taken. */
async function standing({ license }: Pool) {
  const { seats } = await stores.seats.list(license, 100, undefined);
  const { live, subPools } = await stores.seats.readStanding(license);
  const known = seats.map(({ member, fence, claim }) => ({ member, fence, claim }));
  return { live, subPools, known: known.toSorted((a, b) => (a.member < b.member ? -1 : 1)) };
}

test("leases that come back together fare as each would that came alone", async () => {
  const returner = fc.record({
    lease: fc.nat(LEASES.length - 1),
    // Most are ordinary.
    claim: fc.constantFrom("", "", "", "2,,", "1,,,dataflow", "1,AAAAAAAAAAAAAAAAAAAAAA,"),
    late: fc.constantFrom(false, false, false, true),
  });
  const property = fc.asyncProperty(
    fc.array(returner, { minLength: 1, maxLength: 12 }),
    fc.integer({ min: 1, max: 6 }),
    fc.nat(6),
    async (asked, seats, room) => {
      const returners = asked.map(({ lease, claim, late }, index) => ({
        member: LEASES[lease]!.member,
        installation,
        fence: (1n << 32n) | BigInt(index + 1),
        claim,
        expiry: systemClock.now() + (late ? -HOUR_MS : HOUR_MS),
      }));
      const [together, alone] = [await bereft(seats, room), await bereft(seats, room)];
      const outcomes = await outcomesOf(together, returners);
      const each: LeaseOutcome[] = [];
      for (const one of returners) each.push(...(await outcomesOf(alone, [one])));
      expect(outcomes).toEqual(each);
      expect(await standing(together)).toEqual(await standing(alone));
    },
  );
  await fc.assert(property, { numRuns: 100 });
});
