import { systemRandom } from "@leasehold/kernel";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isBootstrapToken, newBootstrapToken } from "./bootstrap-token.ts";

test("a new token is one, and no two are the same", () => {
  const tokens = Array.from({ length: 100 }, () => newBootstrapToken(systemRandom));
  expect(tokens.every(isBootstrapToken)).toBe(true);
  expect(new Set(tokens).size).toBe(tokens.length);
});

test("the form is fixed: prefix, secret, CRC-32", () => {
  const token = newBootstrapToken((length) => new Uint8Array(length));
  expect(token).toBe(`lh_boot_${"A".repeat(43)}b341958b`);
});

test("a token with one other character is none", () => {
  const token = newBootstrapToken(systemRandom);
  fc.assert(
    fc.property(
      fc.nat(token.length - 1),
      fc.constantFrom(..."abcXYZ019_-".split("")),
      (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(isBootstrapToken(token.slice(0, at) + letter + token.slice(at + 1))).toBe(false);
      },
    ),
  );
});

test.each(["", "lh_boot_", `lh_api_${"A".repeat(51)}`, `lh_boot_${"A".repeat(51)}\n`])(
  "%j is none",
  (text) => {
    expect(isBootstrapToken(text)).toBe(false);
  },
);
