import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { postRaw } from "./post-raw.ts";
import { running } from "./running-server.ts";
import { broker, issuing, LEASE_ID } from "./sample-service.ts";

const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };
const WATCH = "/leasehold.issuer.v1.IssuerService/WatchLicenses";
const RENEW = "/leasehold.seatbroker.v1.SeatBrokerService/RenewSeats";

/** A message with its length in front. */
function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(5);
  length.writeUInt32BE(message.length, 1);
  return Buffer.concat([length, message]);
}

/** A group in a group, so many deep, closed again or not. */
const groups = (depth: number, closed: boolean) =>
  Buffer.concat([Buffer.alloc(depth, 0x7b), Buffer.alloc(closed ? depth : 0, 0x7c)]);

test.each([
  ["cut off in a length", Buffer.of(0x0a)],
  ["cut off in a field", Buffer.of(0x0a, 0x20, 1)],
  ["cut off in a message in it", Buffer.of(0x12, 0x05, 0x0a, 0x01)],
  ["of a length beyond its end", Buffer.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
  [
    "of a message in it that ends beyond it",
    Buffer.of(0x12, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x0a, 0),
  ],
  ["of a length that is no number", Buffer.alloc(12, 0xff)],
  ["of an impossible wire type", Buffer.of(0x0f)],
  ["of text that is not UTF-8", Buffer.of(0x12, 0x04, 0x0a, 0x02, 0xff, 0xfe)],
  ["of text with a lone surrogate", Buffer.of(0x12, 0x05, 0x0a, 0x03, 0xed, 0xa0, 0x80)],
  ["of text in an overlong form", Buffer.of(0x12, 0x04, 0x0a, 0x02, 0xc0, 0x80)],
  ["of a group that is not closed", groups(1, false)],
  ["of groups 101 deep", groups(101, true)],
  ["of groups 10,000 deep", groups(10_000, true)],
])("a message %s is the caller's fault", async (_, message) => {
  await using kit = await running();
  const answered = await postRaw(kit, { body: framed(message) });
  expect(answered).toMatchObject({
    "grpc-status": String(status.INVALID_ARGUMENT),
    "grpc-message": "the message cannot be decoded",
  });
  await expect(kit.broker("installation").acquireSeat(request)).resolves.toBeDefined();
  expect(kit.log.entries.filter(({ level }) => level === "error")).toEqual([]);
});

test("a message nested 100,000 deep is the caller's fault", async () => {
  await using kit = await running();
  for (const closed of [true, false]) {
    const answered = await postRaw(kit, { path: RENEW, body: framed(groups(100_000, closed)) });
    expect(answered["grpc-status"]).toBe(String(status.INVALID_ARGUMENT));
  }
});

test.each([
  ["eleven bytes for a number", Buffer.from([0x08, ...Array<number>(10).fill(0xff), 1])],
  ["a number that does not end", Buffer.of(0x08, 0xff)],
])("%s of 64 bits is the caller's fault", async (_, message) => {
  await using kit = await running();
  const headers = { authorization: "service" };
  const answered = await postRaw(kit, { path: WATCH, headers, body: framed(message) });
  expect(answered["grpc-status"]).toBe(String(status.INVALID_ARGUMENT));
});

test("the largest number of 64 bits is read as it is", async () => {
  const seen: bigint[] = [];
  const watching = issuing({
    // oxlint-disable-next-line require-yield -- it ends at once
    async *watchLicenses({ afterFeedRevision }) {
      seen.push(afterFeedRevision);
    },
  });
  await using kit = await running({ bindings: [watching] });
  const message = Buffer.from([0x08, ...Array<number>(9).fill(0xff), 1]);
  await postRaw(kit, { path: WATCH, headers: { authorization: "service" }, body: framed(message) });
  expect(seen).toHaveLength(1);
  expect([-1n, 2n ** 64n - 1n]).toContain(seen[0]);
});

test.each([
  ["an unknown field", Buffer.of(0xf2, 0x3f, 0x02, 0x68, 0x69)],
  ["a known field of another wire type", Buffer.of(0x08, 0x05)],
  ["a group", Buffer.of(0x7b, 0x08, 0x01, 0x7c)],
  ["a field named like what every object has", Buffer.of(0xfa, 0xff, 0xff, 0xff, 0x0f, 0x00)],
])("%s is dropped: handlers do not see it, callers do not get it back", async (_, message) => {
  const seen: object[] = [];
  const acquireSeat = (received: object) => {
    seen.push(received);
    return Promise.resolve({ lease: undefined, warnings: [] });
  };
  await using kit = await running({ bindings: [broker({ acquireSeat })] });
  const answered = await postRaw(kit, { body: framed(message) });
  expect(answered["grpc-status"]).toBe(String(status.OK));
  expect(seen).toEqual([{ leaseId: Buffer.alloc(0), holder: undefined, claim: undefined }]);
});

test.each([
  ["two messages for one", Buffer.alloc(10), status.UNIMPLEMENTED],
  ["no message for one", Buffer.alloc(0), status.UNIMPLEMENTED],
  ["half a prefix", Buffer.alloc(3), status.UNIMPLEMENTED],
])("%s: the call does not fit the method", async (_, body, code) => {
  await using kit = await running();
  const answered = await postRaw(kit, { body });
  expect(answered).toMatchObject({
    "grpc-status": String(code),
    "grpc-message": "the call does not fit the method",
  });
});
