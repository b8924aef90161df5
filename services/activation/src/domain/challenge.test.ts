import type { Uuid } from "@leasehold/kernel";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type ChallengeKeys, formatChallenge, readChallenge } from "./challenge.ts";

const [NEWEST, OLDER] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const KEYS: ChallengeKeys = [NEWEST, OLDER];
const CHALLENGE = {
  id: "01999999-0000-7000-8000-000000000001" as Uuid,
  expireTime: Date.UTC(2030, 0, 1),
};

test("a challenge tells what it was made with, to whoever has its key", () => {
  expect(readChallenge(KEYS, formatChallenge(KEYS, CHALLENGE))).toEqual(CHALLENGE);
  expect(readChallenge(KEYS, formatChallenge([OLDER], CHALLENGE))).toEqual(CHALLENGE);
  expect(readChallenge([NEWEST], formatChallenge([OLDER], CHALLENGE))).toBeUndefined();
});

test("a challenge that was changed in any bit, cut or lengthened is none", () => {
  const made = formatChallenge(KEYS, CHALLENGE);
  for (let bit = 0; bit < 8 * made.length; bit += 1) {
    const changed = made.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(readChallenge(KEYS, changed)).toBeUndefined();
  }
  for (let length = 0; length < made.length; length += 1)
    expect(readChallenge(KEYS, made.slice(0, length))).toBeUndefined();
  expect(readChallenge(KEYS, Buffer.concat([made, Buffer.of(0)]))).toBeUndefined();
});

test("bytes that nobody made are no challenge, and do no harm", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(readChallenge(KEYS, bytes)).toBeUndefined();
    }),
  );
});
