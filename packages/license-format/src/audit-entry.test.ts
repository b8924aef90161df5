import * as fc from "fast-check";
import { expect, test } from "vitest";
import { auditHash, CHAIN_START } from "./audit-entry.ts";

const ENTRY = {
  sequence: 1n,
  timeUs: 1_894_708_800_123_000n,
  subject: "ada",
  method: "IssueLicense",
  resource: "customers/c/licenses/l",
  why: "ordered ☃",
  requestId: "0190a000-0000-7000-8000-000000000001",
  requestSha256: new Uint8Array(32).fill(7),
};

const entry = fc.record({
  sequence: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
  timeUs: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
  subject: fc.string({ maxLength: 4 }),
  method: fc.string({ maxLength: 4 }),
  resource: fc.string({ maxLength: 4 }),
  why: fc.string({ unit: "grapheme", maxLength: 4 }),
  requestId: fc.uuid(),
  requestSha256: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});

function hex(previous: Uint8Array, of: typeof ENTRY): string {
  return Buffer.from(auditHash(previous, of)).toString("hex");
}

test("the hash is the one of the encoding, and stays it", () => {
  expect(hex(CHAIN_START.hash, ENTRY)).toBe(
    "857775bf3bfba052d2c554740ba9fabf9686da1391b9decd1a09a6ca374885b7",
  );
});

test("two entries of one hash are the same", () => {
  fc.assert(
    fc.property(entry, entry, (one, other) => {
      const same = JSON.stringify(plain(one)) === JSON.stringify(plain(other));
      expect(hex(CHAIN_START.hash, one) === hex(CHAIN_START.hash, other)).toBe(same);
    }),
  );
});

test("a letter that moves from one field to the next changes the hash", () => {
  const moved = { ...ENTRY, subject: "ad", method: "aIssueLicense" };
  expect(hex(CHAIN_START.hash, moved)).not.toBe(hex(CHAIN_START.hash, ENTRY));
});

test("the hash before changes the hash", () => {
  expect(hex(new Uint8Array(32).fill(1), ENTRY)).not.toBe(hex(CHAIN_START.hash, ENTRY));
});

function plain(of: typeof ENTRY): readonly unknown[] {
  return Object.values(of).map((value) => (typeof value === "bigint" ? String(value) : value));
}
