import { seatBroker } from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { tokenKeys } from "../domain/lease-token.ts";
import type { Renewal } from "../use-cases/renew-leases.ts";
import { encodeAnswer } from "./encode-answer.ts";
import type { AnsweredHeartbeats, VerifiedLease } from "./heartbeats.ts";
import { presentRenewals } from "./present-renewals.ts";

const INSTALLATION = "018f2222-2222-7222-8222-222222222222" as Uuid;
const next = { tokens: tokenKeys([Buffer.alloc(32, 1)]), installation: INSTALLATION };

const lease: fc.Arbitrary<VerifiedLease> = fc.record({
  pool: fc.constant("018f0000-0000-7000-8000-000000000001" as Uuid),
  member: fc.constant("AY8RERERcRGREREREREREQ"),
  fence: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  claim: fc.stringMatching(/^[a-z0-9,_-]{0,200}$/),
  expiry: fc.nat(),
});
const renewal: fc.Arbitrary<Renewal> = fc.oneof(
  fc.record({
    kind: fc.constant("renewed" as const),
    validityMs: fc.integer({ min: 1, max: 400 * 24 * 3_600_000 }),
    epoch: fc.nat(2 ** 31 - 1),
    expiry: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  }),
  fc.record({ kind: fc.constantFrom("expired" as const, "revoked" as const, "retry" as const) }),
);
const unproved = fc.record({ lease: fc.constant(undefined), renewal: fc.constant(undefined) });
const one = fc.record({
  leaseId: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  became: fc.oneof(fc.record({ lease, renewal }), unproved),
});

interface Answer {
  readonly leaseId: Buffer;
  readonly became: {
    readonly lease: VerifiedLease | undefined;
    readonly renewal: Renewal | undefined;
  };
}

function answered(all: readonly Answer[]): AnsweredHeartbeats {
  return {
    heartbeats: all.map(({ leaseId }) => ({ leaseId, token: Buffer.alloc(0) })),
    leases: all.map(({ became }) => became.lease),
    renewals: all.map(({ became }) => became.renewal),
  };
}

test("an answer is what the contract's codec makes of it", () => {
  const seq = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const property = fc.property(seq, fc.array(one, { maxLength: 200 }), (number, all) => {
    const answer = answered(all);
    const told = { seq: number, renewals: presentRenewals(next, answer), event: undefined };
    const expected = Buffer.from(seatBroker.KeepAliveResponse.encode(told).finish());
    expect(encodeAnswer(number, next, answer).equals(expected)).toBe(true);
  });
  fc.assert(property, { numRuns: 500 });
});

test("an answer stays as it is while others are written", () => {
  const usual = { lease: fc.sample(lease, 1)[0]!, renewal: { kind: "retry" as const } };
  const some = (byte: number, count: number) =>
    answered(
      Array.from({ length: count }, () => ({ leaseId: Buffer.alloc(32, byte), became: usual })),
    );
  const first = encodeAnswer(1n, next, some(1, 3));
  const before = Buffer.from(first);
  encodeAnswer(2n, next, some(2, 1_000));
  encodeAnswer(3n, next, some(3, 3));
  expect(first.equals(before)).toBe(true);
});
