import { expect, test } from "vitest";
import { keySlot } from "./key-slot.ts";

test.each([
  ["123456789", 0x31c3],
  ["foo", 12182],
  ["", 0],
])("the slot of %j is %i, as Redis counts", (key, slot) => {
  expect(keySlot(key)).toBe(slot);
  expect(keySlot(Buffer.from(key))).toBe(slot);
});

test("keys with the same hash tag are in one slot, that of the tag", () => {
  expect(keySlot("lease:{foo}:m")).toBe(keySlot("foo"));
  expect(keySlot("{foo}{bar}")).toBe(keySlot("foo"));
  expect(keySlot("a}{foo}")).toBe(keySlot("foo"));
});

test("braces around nothing, or that stay open, are no hash tag", () => {
  expect(keySlot("foo{}")).not.toBe(keySlot(""));
  expect(keySlot("{foo")).not.toBe(keySlot("foo"));
});
