import { decodeStrictly, type MessageCodec, seatBroker } from "@leasehold/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { KeepAliveRequest } from "./usual-heartbeats.ts";

type Request = seatBroker.KeepAliveRequest;
const generated = seatBroker.KeepAliveRequest;

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((some) => Buffer.from(some));
const heartbeat = fc.record({ leaseId: bytes(40), token: bytes(300) });
const request = fc.record({
  seq: fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  heartbeats: fc.array(heartbeat, { maxLength: 20 }),
});

function encoded(message: Request): Buffer {
  return Buffer.from(generated.encode(message).finish());
}

/** What comes of reading: the message, or that there is none in it. */
function readBy(codec: MessageCodec<Request>, some: Buffer): Request | "none" {
  try {
    return decodeStrictly(codec, some);
  } catch {
    return "none";
  }
}

test("every message is read as the contract's codec reads it", () => {
  const property = fc.property(request, (message) => {
    expect(decodeStrictly(KeepAliveRequest, encoded(message))).toEqual(message);
  });
  fc.assert(property, { numRuns: 2_000 });
});

test("so is every message that somebody has meddled with", () => {
  const change = fc.record({ at: fc.nat(), to: fc.nat(255), cut: fc.nat(8), more: bytes(8) });
  const property = fc.property(request, fc.array(change, { maxLength: 3 }), (message, changes) => {
    let some = encoded(message);
    for (const { at, to, cut, more } of changes) {
      if (some.length > 0) some[at % some.length] = to;
      some = Buffer.concat([some.subarray(0, Math.max(0, some.length - cut)), more]);
    }
    expect(readBy(KeepAliveRequest, some)).toEqual(readBy(generated, some));
  });
  fc.assert(property, { numRuns: 20_000 });
});

test("so are bytes of nobody's", () => {
  const tags = fc.constantFrom(0x08, 0x0a, 0x12, 0x80, 0x00, 0x01, 0x02, 0x20, 0xff);
  const some = fc.array(fc.oneof(tags, fc.nat(255)), { maxLength: 60 });
  const property = fc.property(some, (numbers) => {
    const buffer = Buffer.from(numbers);
    expect(readBy(KeepAliveRequest, buffer)).toEqual(readBy(generated, buffer));
  });
  fc.assert(property, { numRuns: 20_000 });
});

test("what clients write is read at once", () => {
  const usual = { leaseId: Buffer.alloc(32, 1), token: Buffer.alloc(51, 2) };
  for (const count of [0, 1, 1_000]) {
    const message = { seq: BigInt(count), heartbeats: Array.from({ length: count }, () => usual) };
    expect(KeepAliveRequest.decodeUsual?.(encoded(message))).toEqual(message);
  }
});
