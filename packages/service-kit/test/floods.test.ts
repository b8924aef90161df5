import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { client, connect } from "@leasehold/rpc-client";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  beginCall,
  callHeaders,
  CONTINUATION,
  DATA,
  END_HEADERS,
  frame,
  headerBlock,
  HEADERS,
  PING,
  type RawConnection,
  rawConnection,
  RST_STREAM,
  type Setting,
  settings,
} from "./http2-frames.ts";
import { issuerDefinition } from "./sample-service.ts";

const MAIN = fileURLToPath(new URL("fixtures/flooded-main.ts", import.meta.url));
const OPEN = "/leasehold.issuer.v1.IssuerService/GetTrustBundle";
const FEED = "/leasehold.issuer.v1.IssuerService/WatchLicenses";
const MOST_KIB = 512 * 1024;

let server: ChildProcess;
let address = "";
beforeAll(async () => {
  server = fork(MAIN, { execArgv: ["--conditions=source"] });
  const [ready] = (await once(server, "message")) as [{ address: string }];
  ({ address } = ready);
});
afterAll(() => void server.kill("SIGKILL"));

const connections: RawConnection[] = [];
afterEach(() => {
  for (const connection of connections.splice(0)) connection[Symbol.dispose]();
});

async function attacker(...given: readonly Setting[]): Promise<RawConnection> {
  const connection = await rawConnection(address, ...given);
  connections.push(connection);
  return connection;
}

/** Somebody else's call is answered, on a connection of its own. */
async function othersAreServed(): Promise<void> {
  const channel = connect(address);
  try {
    const { getTrustBundle } = client(issuerDefinition, channel);
    await expect(getTrustBundle({})).resolves.toEqual({ trustBundle: "trust" });
  } finally {
    await channel[Symbol.asyncDispose]();
  }
}

/** What harm was done: none, if it lives, serves, and never took more memory than it may. */
async function harm(): Promise<string | undefined> {
  await othersAreServed();
  if (server.exitCode !== null) return `it ended with ${server.exitCode}`;
  server.send("memory?");
  const [{ mostKiB }] = (await once(server, "message")) as [{ mostKiB: number }];
  return mostKiB < MOST_KIB ? undefined : `it took ${mostKiB} KiB`;
}

/** Ids of so many streams, from one that was not used before. */
const streams = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => 2 * (from + index) + 1);

test("calls that are taken back at once", async () => {
  for (let session = 0; session < 10; session += 1) {
    const connection = await attacker();
    const cancel = Buffer.alloc(4, 0);
    cancel.writeUInt32BE(8);
    for (const some of [0, 500, 1_000, 1_500])
      await connection.send(
        Buffer.concat(
          streams(500, some).flatMap((id) => [
            beginCall(id, OPEN),
            frame(RST_STREAM, 0, id, cancel),
          ]),
        ),
      );
    await othersAreServed();
  }
  expect(await harm()).toBeUndefined();
});

test("messages that come a byte at a time", async () => {
  const connection = await attacker();
  const ids = streams(100);
  await connection.send(Buffer.concat(ids.map((id) => beginCall(id, OPEN))));
  const prefix = Buffer.of(0, 0, 0, 0xff, 0xff);
  await connection.send(Buffer.concat(ids.map((id) => frame(DATA, 0, id, prefix))));
  for (let round = 0; round < 20; round += 1) {
    const bytes = ids.flatMap((id) =>
      Array.from({ length: 30 }, () => frame(DATA, 0, id, Buffer.of(0))),
    );
    await connection.send(Buffer.concat(bytes));
  }
  await othersAreServed();
  expect(await harm()).toBeUndefined();
});

test.each([
  ["PING", frame(PING, 0, 0, Buffer.alloc(8))],
  ["SETTINGS", settings([4, 65_535])],
  ["empty DATA", frame(DATA, 0, 1, Buffer.alloc(0))],
])("a flood of %s frames ends its own connection", async (_, flood) => {
  const connection = await attacker();
  await connection.send(beginCall(1, OPEN));
  const many = Buffer.concat(Array.from({ length: 1_000 }, () => flood));
  for (let round = 0; round < 50 && !connection.closed; round += 1) await connection.send(many);
  await expect.poll(() => connection.closed).toBe(true);
  expect(await harm()).toBeUndefined();
});

test("headers without end", async () => {
  for (let session = 0; session < 10; session += 1) {
    const connection = await attacker();
    const junk = headerBlock(Array.from({ length: 500 }, (_, at) => [`x-${at}`, "y".repeat(20)]));
    await connection.send(frame(HEADERS, 0, 1, headerBlock(callHeaders(OPEN))));
    for (let round = 0; round < 100 && !connection.closed; round += 1)
      await connection.send(frame(CONTINUATION, 0, 1, junk));
    await expect.poll(() => connection.closed).toBe(true);
  }
  expect(await harm()).toBeUndefined();
});

test("calls with more headers than anybody reads", async () => {
  const connection = await attacker();
  const many = Array.from({ length: 300 }, (_, at) => [`x-${at}`, "y"] as const);
  for (const id of streams(50))
    await connection.send(
      frame(HEADERS, END_HEADERS, id, headerBlock([...callHeaders(OPEN), ...many])),
    );
  expect(await harm()).toBeUndefined();
});

test("callers who do not read what they asked for", async () => {
  const NO_WINDOW = [4, 0] as const;
  const MOST_WINDOW = [4, 2 ** 31 - 1] as const;
  for (const window of [NO_WINDOW, MOST_WINDOW]) {
    const connection = await attacker(window);
    for (const id of streams(200)) {
      const call = beginCall(id, FEED, { authorization: "service" });
      await connection.send(Buffer.concat([call, frame(DATA, 1, id, Buffer.alloc(5))]));
    }
    await othersAreServed();
  }
  expect(await harm()).toBeUndefined();
});

test("calls that are begun and never made", async () => {
  for (let session = 0; session < 8; session += 1) {
    const connection = await attacker();
    await connection.send(Buffer.concat(streams(256).map((id) => beginCall(id, OPEN))));
  }
  // All that may be under way are, until their deadlines end them.
  await expect
    .poll(
      () =>
        othersAreServed().then(
          () => "served",
          () => "not yet",
        ),
      { timeout: 20_000, interval: 250 },
    )
    .toBe("served");
  expect(await harm()).toBeUndefined();
});
