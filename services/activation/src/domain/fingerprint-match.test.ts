import { expect, test } from "vitest";
import { drifted, matches } from "./fingerprint-match.ts";
import type { Fingerprint } from "./installation.ts";

const SALT = new Uint8Array(16).fill(1);

/** A machine, by a number for each component. */
function machine(components: Readonly<Record<string, number>>, salt = SALT): Fingerprint {
  const digests = Object.entries(components).map(
    ([name, seed]) => [name, new Uint8Array(32).fill(seed)] as const,
  );
  return { salt, components: new Map(digests) };
}

const KNOWN = machine({ "machine-id": 1, dmi: 1, disk: 1, mac: 1, cpu: 1, hostname: 1 });

test.each([
  ["as it was", {}, true],
  ["with another network card", { mac: 2 }, true],
  ["with another disk and host name", { disk: 2, hostname: 2 }, true],
  ["with another disk, network card and processor", { disk: 2, mac: 2, cpu: 2 }, false],
  ["with another machine id", { "machine-id": 2 }, true],
  ["with another machine id and board", { "machine-id": 2, dmi: 2 }, false],
  ["that is another one altogether", { "machine-id": 2, dmi: 2, disk: 2, mac: 2, cpu: 2 }, false],
])("a machine %s: known is %s", (_, changes, expected) => {
  const now = { "machine-id": 1, dmi: 1, disk: 1, mac: 1, cpu: 1, hostname: 1, ...changes };
  expect(matches(KNOWN, machine(now))).toBe(expected);
});

test("only what both tell counts, and exactly 60 % are enough", () => {
  expect(matches(machine({ disk: 1, dmi: 1, extra: 5 }), machine({ disk: 2, dmi: 1 }))).toBe(true);
  expect(matches(machine({ disk: 1, mac: 1 }), machine({ disk: 1, mac: 2 }))).toBe(false);
  expect(matches(machine({ disk: 1 }), machine({ mac: 1 }))).toBe(false);
});

test("a machine that never told may be any; one that did tells on, by the same salt", () => {
  expect(matches(undefined, KNOWN)).toBe(true);
  expect(matches(undefined, undefined)).toBe(true);
  expect(matches(KNOWN, undefined)).toBe(false);
  const other = new Uint8Array(16).fill(2);
  expect(matches(KNOWN, { ...KNOWN, salt: other })).toBe(false);
});

test("what a machine told last of a component is what is known of it, and nothing is forgotten", () => {
  expect(drifted(machine({ dmi: 1, mac: 1 }), machine({ mac: 2, disk: 3 }))).toEqual(
    machine({ dmi: 1, mac: 2, disk: 3 }),
  );
  expect(drifted(KNOWN, undefined)).toBe(KNOWN);
  expect(drifted(undefined, KNOWN)).toBe(KNOWN);
});
