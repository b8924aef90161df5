import * as fc from "fast-check";
import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { leaseIdOf } from "./lease-id.ts";
import { tokenKeys } from "./lease-token.ts";

const [NEW, OLD] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const LICENSE = "018f0000-0000-7000-8000-000000000001" as Uuid;
const subject = {
  id: leaseIdOf(LICENSE, "AY8RERERcRGREREREREREQ"),
  installation: "018f2222-2222-7222-8222-222222222222" as Uuid,
};
const facts = {
  fence: (7n << 32n) | 9n,
  epoch: 8,
  expiry: 1_900_000_000_123,
  claim: "2,,ops,dataflow",
};
const keys = tokenKeys([NEW, OLD]);

test("a token tells its facts to whoever has the key", () => {
  expect(keys.read(subject, keys.mint(subject, facts))).toEqual(facts);
});

test("the newest key signs, and older ones still verify", () => {
  expect(keys.read(subject, tokenKeys([OLD]).mint(subject, facts))).toEqual(facts);
  expect(tokenKeys([OLD]).read(subject, keys.mint(subject, facts))).toBeUndefined();
});

test("a token is of one lease and one installation", () => {
  const token = keys.mint(subject, facts);
  const other = leaseIdOf(LICENSE, "AY8RERERcRGREREREREREA");
  expect(keys.read({ ...subject, id: other }, token)).toBeUndefined();
  const installation = "018f2222-2222-7222-8222-222222222223" as Uuid;
  expect(keys.read({ ...subject, installation }, token)).toBeUndefined();
});

test("no change of a token goes unnoticed", () => {
  const token = keys.mint(subject, facts);
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const mutant = Buffer.from(token);
      mutant[at]! ^= change;
      expect(keys.read(subject, mutant)).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
});

test("nothing of another length is a token", () => {
  const token = keys.mint(subject, facts);
  for (const length of [0, 1, 19, token.length - 1])
    expect(keys.read(subject, token.subarray(0, length))).toBeUndefined();
  expect(keys.read(subject, Buffer.concat([token, Buffer.alloc(1)]))).toBeUndefined();
});

test("all facts survive, within their range", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.nat(2 ** 31 - 1),
      fc.integer({ min: 0, max: 2 ** 48 - 1 }),
      fc.stringMatching(/^[a-z0-9,_-]{0,2000}$/),
      (fence, epoch, expiry, claim) => {
        const given = { fence, epoch, expiry, claim };
        expect(keys.read(subject, keys.mint(subject, given))).toEqual(given);
      },
    ),
  );
});
