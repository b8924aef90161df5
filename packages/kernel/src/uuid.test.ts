import { expect, test } from "vitest";
import { isUuid, newUuid, systemRandom, uuidBytes, uuidFromBytes } from "./uuid.ts";

const at = (ms: number) => ({ now: () => ms });

test("a new UUID is of version 7 and carries its millisecond in front", () => {
  const uuid = newUuid(at(0x0123456789ab), () => new Uint8Array(16).fill(0xff));
  expect(uuid).toBe("01234567-89ab-7fff-bfff-ffffffffffff");
});

test("UUIDs sort by the time they were made at", () => {
  const made = [1, 255, 65_536, 2 ** 32, 2 ** 41].map((ms) => newUuid(at(ms), systemRandom));
  expect(made.toSorted()).toEqual(made);
});

test("a UUID survives being bytes", () => {
  const uuid = newUuid(at(1_800_000_000_000), systemRandom);
  expect(uuidFromBytes(uuidBytes(uuid))).toBe(uuid);
});

test.each([
  "",
  "01234567-89AB-7fff-bfff-ffffffffffff",
  "0123456789ab7fffbfffffffffffffff",
  " 01234567-89ab-7fff-bfff-ffffffffffff",
  "01234567-89ab-7fff-bfff-ffffffffffff\n",
])("%j is not a canonical UUID", (text) => {
  expect(isUuid(text)).toBe(false);
});

test.each([0, 15, 17])("%d bytes are no UUID", (length) => {
  expect(() => uuidFromBytes(new Uint8Array(length))).toThrow(RangeError);
});
