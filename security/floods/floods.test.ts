import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Flooder, startFlooder } from "./flood-run.ts";
import { FLOODS } from "./floods.ts";
import { callHeaders, FRAME, frame, hpack } from "./frames.ts";

const server = createServer();
const seen: string[] = [];
let address: string;
let flooder: Flooder;

beforeAll(async () => {
  server.on("sessionError", () => {});
  server.on("stream", (stream, headers) => {
    seen.push(String(headers[":path"]));
    stream.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  flooder = startFlooder();
});
afterAll(async () => {
  await flooder[Symbol.asyncDispose]();
  server.close();
});

test("frames are those of the standard", () => {
  expect(frame(FRAME.ping, 0, 0, Buffer.alloc(8)).toString("hex")).toBe(
    `000008060000000000${"0".repeat(16)}`,
  );
  expect(hpack({ te: "trailers" }).toString("hex")).toBe("0002746508747261696c657273");
  expect(
    hpack({ a: "x".repeat(300) })
      .subarray(3, 6)
      .toString("hex"),
  ).toBe("7fad01");
  expect(callHeaders("/a").includes("application/grpc")).toBe(true);
});

test("a server of HTTP/2 sees the calls that a flood is made of", async () => {
  const done = await flooder.run({
    flood: "calls",
    listener: { address },
    path: "/a.B/C",
    lastsMs: 300,
  });
  expect(done.sent).toBeGreaterThan(20);
  expect(seen).toContain("/a.B/C");
});

test.each(Object.keys(FLOODS))("%s is bounded, in steps and in bytes", (name) => {
  const { links, steps, step, opening } = FLOODS[name]!;
  const bytes = step(1, "/a.B/C")?.length ?? 0;
  expect(links).toBeLessThanOrEqual(300);
  expect(links * steps).toBeLessThanOrEqual(1_000_000);
  expect(bytes).toBeLessThanOrEqual(256 * 1024);
  expect(opening("/a.B/C").length).toBeLessThanOrEqual(64 * 1024);
});
