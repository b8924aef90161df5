import { systemRandom } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { seal, unseal } from "./sealing.ts";

const KEY = new Uint8Array(32).fill(1);
const CONTEXT = { purpose: "license", kid: "k1" };
const SECRET = systemRandom(32);

test("what was sealed opens with the same key and context", () => {
  const sealed = seal(KEY, CONTEXT, SECRET, systemRandom);
  expect(sealed).toHaveLength(60);
  expect(Buffer.from(unseal(KEY, CONTEXT, sealed)!)).toEqual(Buffer.from(SECRET));
});

test.each([
  ["another key", new Uint8Array(32).fill(2), CONTEXT],
  ["another purpose", KEY, { ...CONTEXT, purpose: "install" }],
  ["another kid", KEY, { ...CONTEXT, kid: "k2" }],
])("what was sealed does not open with %s", (_, key, context) => {
  expect(unseal(key, context, seal(KEY, CONTEXT, SECRET, systemRandom))).toBeUndefined();
});

test("a change of any one bit, or a cut, is found", () => {
  const sealed = seal(KEY, CONTEXT, SECRET, systemRandom);
  for (let index = 0; index < sealed.length; index++) {
    const changed = Uint8Array.from(sealed);
    changed[index]! ^= 1 << (index % 8);
    expect(unseal(KEY, CONTEXT, changed)).toBeUndefined();
    expect(unseal(KEY, CONTEXT, sealed.subarray(0, index))).toBeUndefined();
  }
});

test("nothing is sealed twice alike", () => {
  const once = Buffer.from(seal(KEY, CONTEXT, SECRET, systemRandom));
  expect(once.equals(seal(KEY, CONTEXT, SECRET, systemRandom))).toBe(false);
});
