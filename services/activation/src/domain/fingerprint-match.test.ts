import { expect, test } from "vitest";
import { matches } from "./fingerprint-match.ts";
import type { Fingerprint } from "./installation.ts";

const SALT = new Uint8Array(16).fill(1);

/** A machine, by a number for each component. */
function machine(changes: Readonly<Record<string, number>> = {}, salt = SALT): Fingerprint {
  const whole = { "machine-id": 1, "root-disk": 1, mac: 1, cpu: 1, hostname: 1, ...changes };
  const digests = Object.entries(whole).map(
    ([name, seed]) => [name, new Uint8Array(32).fill(seed)] as const,
  );
  return { salt, components: new Map(digests) };
}

test("a machine of which little changed is known, another one is not", () => {
  expect(matches(machine(), machine())).toBe(true);
  expect(matches(machine(), machine({ mac: 2 }))).toBe(true);
  const other = { "machine-id": 2, "root-disk": 2, mac: 2, cpu: 2, hostname: 2 };
  expect(matches(machine(), machine(other))).toBe(false);
});

test("a machine that never told may be any; one that did tells on, by the same salt", () => {
  expect(matches(undefined, machine())).toBe(true);
  expect(matches(undefined, undefined)).toBe(true);
  expect(matches({ salt: SALT, components: new Map() }, undefined)).toBe(true);
  expect(matches(machine(), undefined)).toBe(false);
  expect(matches(machine(), machine({}, new Uint8Array(16).fill(2)))).toBe(false);
});
