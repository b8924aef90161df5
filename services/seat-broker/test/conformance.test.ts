import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  acquire,
  type Command,
  loseData,
  loseKey,
  passTime,
  release,
  renew,
  restart,
  setTerms,
  wait,
} from "./conformance-commands.ts";
import {
  forget,
  INSTALLATIONS,
  newWorld,
  PLAIN_TERMS,
  type SomeTerms,
  USERS,
  VALIDITIES_MS,
} from "./conformance-world.ts";
import { openStores, type OpenStores } from "./open-stores.ts";
import { someUuid } from "./some-pool.ts";

// The scripts against a reference model, on real Redis.

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

/** The same histories each time: a change is told by them, not by luck. */
const SEED = 20_261_122;
const lease = fc.nat(USERS.length - 1);
const by = fc.nat(INSTALLATIONS - 1);
const claims = fc.constantFrom(
  { seats: 1, features: [] },
  { seats: 1, features: [] },
  { seats: 1, features: ["x"] },
  { seats: 1, features: ["y", "x"] },
  { seats: 2, features: [] },
  { seats: 2, features: ["y"] },
  { seats: 3, features: ["x"] },
);
const few = fc.constantFrom(undefined, 0, 1, 2);
const terms: fc.Arbitrary<SomeTerms> = fc
  .record({
    seats: fc.integer({ min: 1, max: 5 }),
    validityMs: fc.constantFrom(...VALIDITIES_MS),
    usable: fc.nat(4).map((dice) => dice > 0),
    sharing: fc.constantFrom("PER_PROCESS", "PER_USER", "PER_USER"),
    overdraft: fc.constantFrom(0, 0, 1),
    x: few,
    y: few,
    reserved: fc.nat(2),
    priority: fc.constantFrom(0, 0, 5),
  })
  .map((some) => ({ ...some, reserved: Math.min(some.reserved, some.seats) }));
const KEYS = ["m", "z", "s", "h", "t", "x", "d", "o", "q", "qt", "w", "f:x", "f:y", "g:vips", "u"];

const acquires = fc.tuple(lease, by, claims).map(([l, b, claim]) => acquire(l, b, claim));
const acquiresOfOne = fc.tuple(lease, claims).map(([l, claim]) => acquire(l, 0, claim));
const waits = fc.tuple(lease, claims).map(([l, claim]) => wait(l, claim));
const renewals = fc.uniqueArray(lease, { minLength: 1 }).map((chosen) => renew(chosen));
const releases = fc.tuple(lease, by).map(([l, b]) => release(l, b));
const releasesOfOne = lease.map((l) => release(l, 0));
const commands: fc.Arbitrary<Command>[] = [
  acquires,
  acquires,
  acquiresOfOne,
  acquiresOfOne,
  waits,
  waits,
  renewals,
  renewals,
  releases,
  releasesOfOne,
  releasesOfOne,
  fc.integer({ min: 1, max: 8 }).map((steps) => passTime(steps)),
  fc.constant(null).map(() => loseData()),
  fc.constantFrom(...KEYS).map((key) => loseKey(key)),
  fc.constant(null).map(() => restart()),
  terms.map((some) => setTerms(some)),
];

async function run(first: SomeTerms, sequence: Iterable<Command>, boundTo?: string): Promise<void> {
  const { model, world } = await newWorld(stores, { ...first, usable: true }, boundTo);
  await fc.asyncModelRun(() => ({ model, real: world }), sequence);
  await forget(world);
}

const options = { maxCommands: 40, size: "max" } as const;

test("ordinary leases fare as in the reference model, whatever happens in whatever order", async () => {
  const oneSeat = fc.tuple(lease, by).map(([l, b]) => acquire(l, b, { seats: 1, features: [] }));
  const plain = terms.map(({ seats, validityMs, usable }) =>
    setTerms({ ...PLAIN_TERMS, seats, validityMs, usable }),
  );
  const waitsForOne = lease.map((l) => wait(l, { seats: 1, features: [] }));
  const ordinary = [oneSeat, oneSeat, oneSeat, waitsForOne, waitsForOne, ...commands.slice(6, -1)];
  const fares = fc.assert(
    fc.asyncProperty(fc.commands([...ordinary, plain], options), (sequence) =>
      run(PLAIN_TERMS, sequence),
    ),
    { numRuns: 80, seed: SEED },
  );
  await expect(fares).resolves.toBeUndefined();
}, 120_000);

test("claims of all kinds fare as in the reference model, whatever happens in whatever order", async () => {
  const fares = fc.assert(
    fc.asyncProperty(terms, fc.commands(commands, options), (first, sequence) =>
      run(first, sequence),
    ),
    {
      numRuns: 150,
      seed: SEED,
    },
  );
  await expect(fares).resolves.toBeUndefined();
}, 240_000);

test("the seats of a resource fare as those of a license do", async () => {
  const license = `customers/acme/licenses/${someUuid()}`;
  const fares = fc.assert(
    fc.asyncProperty(terms, fc.commands(commands, options), (first, sequence) =>
      run(first, sequence, license),
    ),
    { numRuns: 40, seed: SEED },
  );
  await expect(fares).resolves.toBeUndefined();
}, 120_000);
