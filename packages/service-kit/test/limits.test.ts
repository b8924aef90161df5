import { gzipSync } from "node:zlib";
import { status } from "@grpc/grpc-js";
import type { Problem } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { beginCall, DATA, frame, rawConnection } from "./http2-frames.ts";
import { postRaw } from "./post-raw.ts";
import { type Running, running } from "./running-server.ts";
import { broker, LEASE_ID } from "./sample-service.ts";

const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };
/** The size of AcquireSeat; the largest that the server reads is four times as much. */
const STANDARD = 64 * 1024;
const ACQUIRE = "/leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat";

/** The length that stands in front of a message. */
function prefix(length: number, compressed = 0): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(compressed, 0);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

/** Reasons of the calls that are over. */
const reasons = ({ log }: Running) => log.entries.flatMap(({ facts }) => facts["reason"] ?? []);

async function stillServes(kit: Running): Promise<void> {
  await expect(kit.broker("installation").acquireSeat(request)).resolves.toBeDefined();
}

test.each([STANDARD + 1, 256 * 1024, 2 ** 31, 2 ** 32 - 1])(
  "a message of %d bytes is refused by its length alone, before any of it comes",
  async (length) => {
    await using kit = await running();
    const answered = await postRaw(kit, { body: prefix(length), ends: false });
    expect(answered).toMatchObject({
      "grpc-status": String(status.RESOURCE_EXHAUSTED),
      "grpc-message": "the message is too large",
    });
    expect(kit.log.entries.flatMap(({ facts }) => facts["code"] ?? [])).toEqual([
      "RESOURCE_EXHAUSTED",
    ]);
    await stillServes(kit);
  },
);

test("a caller learns that its message is too large, and of the largest that is not nothing", async () => {
  await using kit = await running();
  const of = (bytes: number) =>
    kit.broker("installation").acquireSeat({ ...request, leaseId: Buffer.alloc(bytes) });
  await expect(of(STANDARD - 4)).resolves.toBeDefined();
  await expect(of(STANDARD - 3)).rejects.toMatchObject({ reason: "MESSAGE_TOO_LARGE" });
});

test("each message of a stream is held against the size of its method", async () => {
  await using kit = await running();
  const heartbeats = (bytes: number) => [
    { leaseId: Buffer.alloc(bytes), token: Buffer.alloc(0), pool: "" },
  ];
  const stream = kit.broker("installation").keepAlive();
  for (const seq of [1n, 2n, 3n]) stream.send({ seq, heartbeats: heartbeats(200_000) });
  stream.send({ seq: 4n, heartbeats: heartbeats(300_000) });
  const answered: bigint[] = [];
  const reading = async () => {
    for await (const { seq } of stream) answered.push(seq);
  };
  await expect(reading()).rejects.toMatchObject({ reason: "MESSAGE_TOO_LARGE" });
  expect(answered).toEqual([1n, 2n, 3n]);
});

test.each([
  ["gzip", "more than the method takes", 200 * 1024],
  ["gzip", "more than anything takes", 10 * 1024 * 1024],
])("a message that %s unpacks to %s is refused", async (encoding, _, bytes) => {
  await using kit = await running();
  const packed = gzipSync(Buffer.alloc(bytes));
  const answered = await postRaw(kit, {
    headers: { "grpc-encoding": encoding },
    body: Buffer.concat([prefix(packed.length, 1), packed]),
  });
  expect(answered["grpc-status"]).toBe(String(status.RESOURCE_EXHAUSTED));
  await stillServes(kit);
});

test("a compression that is not known is not implemented", async () => {
  await using kit = await running();
  const headers = { "grpc-encoding": "lzma" };
  const answered = await postRaw(kit, { headers, body: Buffer.of(1, 0, 0, 0, 1, 0) });
  expect(answered["grpc-status"]).toBe(String(status.UNIMPLEMENTED));
});

test("a message that comes in frames with next to nothing in them is refused", async () => {
  await using kit = await running();
  using connection = await rawConnection(kit.server.address);
  await connection.send(beginCall(1, ACQUIRE, { authorization: "installation" }));
  await connection.send(frame(DATA, 0, 1, prefix(60_000)));
  const bytes = Array.from({ length: 1_000 }, () => frame(DATA, 0, 1, Buffer.of(0)));
  await connection.send(Buffer.concat(bytes));
  await expect.poll(() => reasons(kit)).toEqual(["MESSAGE_TOO_LARGE"]);
  await stillServes(kit);
});

test("a message that comes in many frames of some size is read", async () => {
  await using kit = await running();
  using connection = await rawConnection(kit.server.address);
  await connection.send(beginCall(1, ACQUIRE, { authorization: "installation" }));
  const length = 60_000;
  await connection.send(frame(DATA, 0, 1, prefix(length)));
  const field = Buffer.alloc(length);
  Buffer.of(0x0a, 0xdc, 0xd4, 3).copy(field); // the lease id, of 59,996 bytes
  for (let at = 0; at < length; at += 300)
    await connection.send(frame(DATA, at + 300 < length ? 0 : 1, 1, field.subarray(at, at + 300)));
  await expect
    .poll(() => kit.log.entries.flatMap(({ facts }) => facts["code"] ?? []))
    .toEqual(["OK"]);
});

test("a stream of a great many small messages is none of frames that are too small", async () => {
  await using kit = await running();
  const stream = kit.broker("installation").keepAlive();
  for (let seq = 1n; seq <= 2_000n; seq += 1n) stream.send({ seq, heartbeats: [] });
  stream.end();
  expect(await Array.fromAsync(stream)).toHaveLength(2_000);
});

test("a call that has its status is closed, though its caller goes on", async () => {
  await using kit = await running();
  const answered = await postRaw(kit, { headers: { authorization: "nobody" }, ends: false });
  expect(answered).toMatchObject({ "grpc-status": String(status.UNAUTHENTICATED), rstCode: 0 });
});

test("one call more than the server bears is told to come back later", async () => {
  const held = Promise.withResolvers<{ lease: undefined; warnings: [] }>();
  const entered = Promise.withResolvers<void>();
  const acquireSeat = () => {
    entered.resolve();
    return held.promise;
  };
  await using kit = await running(
    { bindings: [broker({ acquireSeat })], limits: { unaryCalls: 1 } },
    { services: [] },
  );
  const first = kit.broker("installation").acquireSeat(request);
  await entered.promise;
  const refusal: unknown = await kit
    .broker("installation")
    .acquireSeat(request)
    .catch((thrown: unknown) => thrown);
  expect(refusal).toMatchObject({ reason: "OVERLOADED" });
  expect((refusal as Problem).retryAfterMs).toBeGreaterThanOrEqual(1_000);
  held.resolve({ lease: undefined, warnings: [] });
  await expect(first).resolves.toBeDefined();
  await expect(kit.broker("installation").acquireSeat(request)).resolves.toBeDefined();
});

test("those who want seats leave room for those who hold some", async () => {
  const held = Promise.withResolvers<{ lease: undefined; warnings: [] }>();
  let entered = 0;
  const acquireSeat = () => {
    entered += 1;
    return held.promise;
  };
  await using kit = await running(
    { bindings: [broker({ acquireSeat })], limits: { unaryCalls: 4 } },
    { services: [] },
  );
  const caller = kit.broker("installation");
  const wanting = [1, 2, 3].map(() => caller.acquireSeat(request));
  await expect.poll(() => entered).toBe(3);
  await expect(caller.acquireSeat(request)).rejects.toMatchObject({ reason: "OVERLOADED" });
  await expect(caller.renewSeats({ heartbeats: [] })).resolves.toEqual({ renewals: [] });
  held.resolve({ lease: undefined, warnings: [] });
  await Promise.all(wanting);
});

test("whoever only begins calls does not take every place that there is", async () => {
  await using kit = await running({ limits: { awaitedPerNetwork: 3 } }, { services: [] });
  const begun = Array.from({ length: 5 }, () =>
    postRaw(kit, { body: Buffer.alloc(0), ends: false }),
  );
  const codes = (await Promise.all(begun)).map((answered) => Number(answered["grpc-status"]));
  const { DEADLINE_EXCEEDED: late, UNAVAILABLE: away } = status;
  expect(codes.toSorted((a, b) => a - b)).toEqual([late, late, late, away, away]);
  await stillServes(kit);
});

test("a stream on which nothing is said for longer than any lease lives is ended", async () => {
  await using kit = await running({ limits: { silenceMs: 100 } });
  const stream = kit.broker("installation").keepAlive();
  stream.send({ seq: 1n, heartbeats: [] });
  await expect(Array.fromAsync(stream)).rejects.toMatchObject({
    reason: "DEADLINE_EXCEEDED",
    message: "the stream was silent for too long",
  });
});
