import { expect, test } from "vitest";
import { believed } from "./signing-key.ts";
import type { SigningKeyRecord, SigningKeyState } from "./signing-key.ts";

function keys(...given: readonly [number, SigningKeyState][]): readonly SigningKeyRecord[] {
  return given.map(([generation, state], index) => ({
    kid: `${index}`,
    purpose: "license",
    generation,
    state,
    publicKey: "",
    createTime: index,
  }));
}

function generations(...given: readonly [number, SigningKeyState][]): readonly number[] {
  return believed(keys(...given)).map(({ generation }) => generation);
}

test("what signs is believed, and the two generations before it", () => {
  expect(generations([1, "RETIRED"], [2, "RETIRED"], [3, "RETIRED"], [4, "ACTIVE"])).toEqual([
    2, 3, 4,
  ]);
});

test("a revocation neither ends nor brings back the belief in another key", () => {
  const former = [1, "RETIRED"] as const;
  expect(
    generations([...former], [2, "RETIRED"], [3, "RETIRED"], [4, "REVOKED"], [4, "ACTIVE"]),
  ).toEqual([2, 3, 4]);
  expect(generations([...former], [2, "RETIRED"], [3, "REVOKED"], [4, "ACTIVE"])).toEqual([2, 4]);
});

test("each purpose has generations of its own", () => {
  const audit = keys([1, "ACTIVE"]).map((key) => ({ ...key, purpose: "audit" as const }));
  expect(believed([...audit, ...keys([9, "ACTIVE"])])).toHaveLength(2);
});
