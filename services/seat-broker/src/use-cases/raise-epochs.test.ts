import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { raiseEpochs } from "./raise-epochs.ts";

const [ONE, TWO, THREE] = ["1", "2", "3"].map((digit) => digit.repeat(8) as Uuid) as [
  Uuid,
  Uuid,
  Uuid,
];

/** A database and a Redis that know these epochs; pages hold one license. */
function world(given: {
  readonly database: Record<Uuid, bigint>;
  readonly redis: Record<Uuid, bigint>;
}) {
  const told: unknown[] = [];
  const database = { ...given.database };
  const licenses = Object.keys(database).toSorted() as Uuid[];
  return {
    told,
    database,
    ports: {
      licenses: (after: Uuid | undefined) =>
        Promise.resolve(licenses.filter((each) => after === undefined || each > after).slice(0, 1)),
      epochInRedis: (license: Uuid) => Promise.resolve(given.redis[license]),
      raise: (license: Uuid, taken: bigint) => {
        const known = database[license] ?? 0n;
        if (known >= taken) return Promise.resolve(undefined);
        database[license] = taken + 1_000n;
        return Promise.resolve(known);
      },
      report: (license: Uuid, epochs: { readonly known: bigint; readonly taken: bigint }) =>
        told.push([license, epochs]),
    },
  };
}

test("pools that Redis has of epochs which the database never gave are told of, and raised", async () => {
  const { ports, told, database } = world({
    database: { [ONE]: 3n, [TWO]: 3n, [THREE]: 1n },
    redis: { [ONE]: 3n, [TWO]: 5n },
  });
  await raiseEpochs(ports, new AbortController().signal);
  expect(told).toEqual([[TWO, { known: 3n, taken: 5n }]]);
  expect(database).toEqual({ [ONE]: 3n, [TWO]: 1_005n, [THREE]: 1n });
});

test("nothing more is asked once the process stops", async () => {
  const { ports, told } = world({ database: { [ONE]: 1n }, redis: { [ONE]: 9n } });
  await raiseEpochs(ports, AbortSignal.abort());
  expect(told).toEqual([]);
});
