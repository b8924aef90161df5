import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import {
  answered,
  callHeaders,
  END_HEADERS,
  END_STREAM,
  frame,
  headerBlock,
  HEADERS,
  PING,
  rawConnection,
  settings,
} from "./http2-frames.ts";
import { postRaw } from "./post-raw.ts";
import { type Running, running } from "./running-server.ts";
import { LEASE_ID } from "./sample-service.ts";

const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };
const ACQUIRE = "/leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat";

async function stillServes(kit: Running): Promise<void> {
  await expect(kit.broker("installation").acquireSeat(request)).resolves.toBeDefined();
}

test.each([
  ["PING", frame(PING, 0, 0, Buffer.alloc(8))],
  ["SETTINGS", settings([4, 65_535])],
])("a session that sends %s without end is ended, however patiently", async (_, want) => {
  await using kit = await running({ clock: { monotonic: () => 0 } });
  using connection = await rawConnection(kit.server.address);
  const some = Buffer.concat(Array.from({ length: 50 }, () => want));
  for (let round = 0; round < 30 && !connection.closed; round += 1) {
    const before = connection.received().length;
    await connection.send(some);
    await expect.poll(() => connection.closed || connection.received().length > before).toBe(true);
  }
  await expect.poll(() => connection.closed).toBe(true);
  await stillServes(kit);
});

test("a session may send a good deal of them, if it takes its time", async () => {
  let now = 0;
  await using kit = await running({ clock: { monotonic: () => now } });
  using connection = await rawConnection(kit.server.address);
  const some = Buffer.concat(Array.from({ length: 500 }, () => frame(PING, 0, 0, Buffer.alloc(8))));
  for (let round = 0; round < 6; round += 1) {
    const before = connection.received().length;
    await connection.send(some);
    await expect.poll(() => connection.received().length - before).toBeGreaterThanOrEqual(500 * 17);
    now += 10_000;
  }
  expect(connection.closed).toBe(false);
});

test.each([
  "/leasehold.seatbroker.v1.SeatBrokerService/Nothing",
  "/leasehold.seatbroker.v1.SeatBrokerService/acquireSeat",
  "/leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat/",
  "/nothing",
  "/",
  `/${"x".repeat(10_000)}`,
  "/caf\u00e9/\u00ff",
  "/__proto__",
  "/%0d%0agrpc-status:0",
  "/grpc.health.v1.Health/../../x",
])("a path that is not served is answered without being repeated: row %#", async (path) => {
  await using kit = await running();
  expect(await postRaw(kit, { path })).toMatchObject({
    "grpc-status": String(status.UNIMPLEMENTED),
    "grpc-message": "The server does not implement the method /unknown",
  });
});

test.each([
  ["two lines", "/x\r\ngrpc-status: 0"],
  ["a NUL", "/x\0y"],
  ["nothing", ""],
  ["a star", "*"],
])("a path of %s is answered or refused", async (_, path) => {
  await using kit = await running();
  using connection = await rawConnection(kit.server.address);
  const block = headerBlock(callHeaders(path));
  await connection.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, block));
  await expect.poll(() => connection.closed || answered(connection.received(), 1)).toBe(true);
  expect(connection.received().toString("latin1")).not.toContain("grpc-status: 0");
  await stillServes(kit);
});

const HEADERS_OF: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "8 KiB in one": [["x-long", "y".repeat(8 * 1024)]],
  "60 KiB in one": [["x-long", "y".repeat(60 * 1024)]],
  "100 of them": Array.from({ length: 100 }, (_, at) => [`x-${at}`, "y"]),
  "5,000 of them": Array.from({ length: 5_000 }, (_, at) => [`x-${at % 10}`, "y"]),
  "the same one 100 times": Array.from({ length: 100 }, () => ["authorization", "installation"]),
  "bytes that are no base64": [
    ["x-bin", "%%%=*"],
    ["grpc-trace-bin", "a,b,,=,"],
  ],
  "no ASCII": [
    ["x-name", "caf\u00e9 \u0080"],
    ["authorization", "\u00ff"],
  ],
  "a proof of megabytes, as far as it goes": [["lh-proof", "e".repeat(30_000)]],
  "a name in upper case": [["X-Upper", "y"]],
  "an empty name": [["", "y"]],
  "a line break": [["x-line", "a\r\nb"]],
  "what only an answer has": [[":status", "200"]],
  "a name that every object has": [
    ["__proto__", "y"],
    ["constructor", "y"],
  ],
};

test.each(Object.keys(HEADERS_OF))("headers with %s are answered or refused", async (what) => {
  await using kit = await running();
  using connection = await rawConnection(kit.server.address);
  const all = [...callHeaders(ACQUIRE), ...(HEADERS_OF[what] ?? [])];
  const block = headerBlock(all);
  const most = 16_000;
  const first = block.subarray(0, most);
  const whole = block.length <= most;
  await connection.send(frame(HEADERS, END_STREAM | (whole ? END_HEADERS : 0), 1, first));
  for (let at = most; at < block.length; at += most) {
    const last = at + most >= block.length;
    await connection.send(frame(9, last ? END_HEADERS : 0, 1, block.subarray(at, at + most)));
  }
  await expect.poll(() => connection.closed || answered(connection.received(), 1)).toBe(true);
  await stillServes(kit);
});
