import { expect, test } from "vitest";
import { decodeStrictly } from "./decode-strictly.ts";
import { encodeMessage } from "./encode-message.ts";
import { Timestamp } from "./gen/google/protobuf/timestamp.ts";
import { Heartbeat, KeepAliveRequest } from "./gen/leasehold/seatbroker/v1/keep_alive.ts";

const some = (leases: number): KeepAliveRequest => ({
  seq: BigInt(leases),
  heartbeats: Array.from({ length: leases }, (_, index) =>
    Heartbeat.fromPartial({ leaseId: Buffer.alloc(32, index), token: Buffer.alloc(index) }),
  ),
});

test("messages that follow one another are as if each was encoded alone, and stay so", () => {
  const messages = [some(3), some(1_000), some(0), some(40)];
  const encoded = messages.map((message) => encodeMessage(KeepAliveRequest, message));
  for (const [index, message] of messages.entries()) {
    expect(encoded[index]).toEqual(KeepAliveRequest.encode(message).finish());
    expect(decodeStrictly(KeepAliveRequest, Buffer.from(encoded[index]!))).toEqual(message);
  }
});

test("what could not be encoded leaves nothing in front of the next message", () => {
  const tooLate = { seconds: 1n, nanos: 2 ** 40 };
  expect(() => encodeMessage(Timestamp, tooLate)).toThrow("invalid int32");
  const next = { seconds: 5n, nanos: 0 };
  expect(encodeMessage(Timestamp, next)).toEqual(Timestamp.encode(next).finish());
});
