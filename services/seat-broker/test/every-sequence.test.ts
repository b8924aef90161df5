import { afterAll, beforeAll, expect, test } from "vitest";
import {
  acquire,
  type Command,
  loseData,
  loseKey,
  passTime,
  release,
  renew,
  wait,
} from "./conformance-commands.ts";
import {
  expectNoneTooMany,
  forget,
  newWorld,
  PLAIN_TERMS,
  type SomeTerms,
} from "./conformance-world.ts";
import { openStores, type OpenStores } from "./open-stores.ts";

// Every sequence of so many commands in tiny worlds, behind a few that set the scene, against
// the reference model. The terms stay the same, so nowhere may clients ever rely on more than
// there is.

const LENGTH = 3;
/** Sequences that are under way at a time, each on a license of its own. */
const AT_A_TIME = 8;
const SPAN = 7;

let stores: OpenStores;
beforeAll(async () => {
  stores = await openStores({ fenceMs: 0 });
});
afterAll(() => stores[Symbol.asyncDispose]());

const ONE = { seats: 1, features: [] };
const TWO = { seats: 2, features: [] };
const X = { seats: 1, features: ["x"] };
const [ADA, ADA_AGAIN, ADA_TOO, BOB, EVE, EVE_AGAIN, CLEO] = [0, 1, 2, 3, 4, 5, 6] as const;
const renewAll = renew([ADA, ADA_AGAIN, ADA_TOO, BOB, EVE, EVE_AGAIN, CLEO]);

interface Scene {
  readonly name: string;
  readonly terms: Partial<SomeTerms>;
  readonly before: readonly Command[];
  readonly commands: readonly Command[];
}

const SCENES: readonly Scene[] = [
  {
    name: "one seat that a user shares, and a feature of it",
    terms: { seats: 1, sharing: "PER_USER", x: 1 },
    before: [acquire(ADA, 0, X), acquire(ADA_AGAIN, 0, ONE)],
    commands: [
      acquire(ADA_TOO, 0, X),
      acquire(BOB, 0, ONE),
      release(ADA, 0),
      release(ADA_AGAIN, 0),
      loseKey("u"),
      renewAll,
      passTime(SPAN),
    ],
  },
  {
    name: "a feature of which several have a part in a shared seat",
    terms: { seats: 2, sharing: "PER_USER", x: 1 },
    before: [acquire(ADA, 0, X), passTime(SPAN - 3), acquire(ADA_AGAIN, 0, X)],
    commands: [
      acquire(ADA_TOO, 0, ONE),
      acquire(BOB, 0, X),
      release(ADA, 0),
      release(ADA_AGAIN, 0),
      loseKey("f:x"),
      renew([ADA_AGAIN, ADA_TOO]),
      passTime(SPAN - 3),
    ],
  },
  {
    name: "a queue for seats and a feature",
    terms: { seats: 2, x: 1 },
    before: [acquire(ADA, 0, X), wait(BOB, X)],
    commands: [
      acquire(BOB, 0, X),
      wait(BOB, ONE),
      wait(CLEO, TWO),
      acquire(CLEO, 0, TWO),
      acquire(EVE, 0, ONE),
      release(ADA, 0),
      loseKey("w"),
    ],
  },
  {
    name: "a seat that is kept for a group whose members wait in front",
    terms: { seats: 2, overdraft: 1, reserved: 1, priority: 5 },
    before: [acquire(EVE, 0, ONE), wait(BOB, TWO)],
    commands: [
      wait(EVE_AGAIN, TWO),
      acquire(EVE_AGAIN, 0, TWO),
      acquire(BOB, 0, TWO),
      acquire(CLEO, 0, ONE),
      release(EVE, 0),
      loseKey("g:vips"),
      passTime(SPAN),
    ],
  },
  {
    name: "losses, and the return of those who had a part in everything",
    terms: { seats: 3, sharing: "PER_USER", x: 2, reserved: 1 },
    before: [acquire(ADA, 0, X), acquire(ADA_AGAIN, 0, X), acquire(EVE, 0, X), loseData()],
    commands: [
      renewAll,
      renew([ADA_AGAIN]),
      renew([EVE]),
      acquire(BOB, 0, ONE),
      loseKey("u"),
      loseKey("f:x"),
      passTime(SPAN - 3),
    ],
  },
  {
    name: "leases that ran out behind a loss",
    terms: { seats: 1, sharing: "PER_USER" },
    before: [acquire(ADA, 0, ONE), acquire(ADA_AGAIN, 0, ONE), loseKey("u"), passTime(SPAN)],
    commands: [
      acquire(ADA, 0, ONE),
      acquire(ADA_TOO, 0, ONE),
      acquire(BOB, 0, ONE),
      wait(ADA_AGAIN, ONE),
      release(ADA_AGAIN, 0),
      renewAll,
      passTime(1),
    ],
  },
];

test.each(SCENES)(
  "no sequence of commands makes a difference to the model: $name",
  async ({ terms, before, commands }) => {
    const sequences = sequencesOf(commands, LENGTH);
    let count = 0;
    const runAll = async () => {
      for (const sequence of sequences) {
        count += 1;
        await run({ ...PLAIN_TERMS, ...terms }, [...before, ...sequence]);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, runAll));
    expect(count).toBe(commands.length ** LENGTH);
  },
  60_000,
);

/** Those that are shorter are where these begin. */
function* sequencesOf(
  commands: readonly Command[],
  length: number,
): Generator<readonly Command[], void, undefined> {
  if (length === 0) yield [];
  else
    for (const rest of sequencesOf(commands, length - 1))
      for (const command of commands) yield [...rest, command];
}

async function run(terms: SomeTerms, sequence: readonly Command[]): Promise<void> {
  const { world, model } = await newWorld(stores, terms);
  try {
    for (const command of sequence) {
      await command.run(model, world);
      expectNoneTooMany(world, model);
    }
  } catch (error) {
    throw new Error(`after ${sequence.join("; ")}`, { cause: error });
  } finally {
    await forget(world);
  }
}
