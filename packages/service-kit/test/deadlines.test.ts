import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { postRaw } from "./post-raw.ts";
import { running } from "./running-server.ts";
import { broker, issuing } from "./sample-service.ts";

/** What AcquireSeat may take. */
const FAST_MS = 2_000;

/** A server whose handler tells what it was given for a deadline, and answers at once. */
async function telling() {
  const deadlines: (number | undefined)[] = [];
  const kit = await running({
    bindings: [
      broker({
        acquireSeat: (_, call) => {
          deadlines.push(call.deadline);
          return Promise.resolve({ lease: undefined, warnings: [] });
        },
      }),
    ],
  });
  return { kit, deadlines, [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose]() };
}

test.each([
  "99999999H", // more milliseconds than a timer has: would wrap
  "2147484S",
  "99999999S",
  "999999999m",
  "0m",
  "0S",
  "100u", // less than a millisecond
  "-5S",
  "zzz",
  "",
  "5",
  "5 S",
  "1e9S",
  "99999999999999999999S",
  "1S, 1S",
  "\u00b2S",
])("with the timeout %j, the method's own deadline counts", async (timeout) => {
  await using at = await telling();
  const answered = await postRaw(at.kit, { headers: { "grpc-timeout": timeout } });
  expect(answered["grpc-status"]).toBe(String(status.OK));
  expect(at.deadlines).toEqual([FAST_MS]);
});

test("without a timeout, and with a longer one, the method's own deadline counts", async () => {
  await using at = await telling();
  await postRaw(at.kit);
  await postRaw(at.kit, { headers: { "grpc-timeout": "1H" } });
  await postRaw(at.kit, { headers: { "grpc-timeout": "2147483647m" } });
  expect(at.deadlines).toEqual([FAST_MS, FAST_MS, FAST_MS]);
});

test("a shorter timeout counts", async () => {
  await using at = await telling();
  await postRaw(at.kit, { headers: { "grpc-timeout": "1500m" } });
  expect(at.deadlines[0]).toBeGreaterThan(0);
  expect(at.deadlines[0]).toBeLessThanOrEqual(1_500);
});

test.each([
  ["without a body", Buffer.alloc(0)],
  ["whose body stops half way", Buffer.from([0, 0, 0, 0, 100, 1, 2, 3])],
  ["whose body does not end", Buffer.alloc(5)],
])("a call %s ends at the method's deadline", async (_, body) => {
  await using kit = await running();
  const answered = await postRaw(kit, { body, ends: false });
  expect(answered["grpc-status"]).toBe(String(status.DEADLINE_EXCEEDED));
});

test("a stream of answers whose request never comes is ended", async () => {
  await using kit = await running();
  const path = "/leasehold.issuer.v1.IssuerService/WatchLicenses";
  const headers = { authorization: "service" };
  const answered = await postRaw(kit, { path, headers, body: Buffer.alloc(5), ends: false });
  expect(answered["grpc-status"]).toBe(String(status.DEADLINE_EXCEEDED));
});

test("a stream that tells nothing lives as long as its connection may", async () => {
  const ended = Promise.withResolvers<void>();
  const idle = issuing({
    async *watchLicenses(_, call) {
      await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve()));
      ended.resolve();
      yield* [];
    },
  });
  await using kit = await running({
    bindings: [idle],
    limits: { connectionAgeMs: 100, connectionGraceMs: 100 },
  });
  const stream = kit.issuer("service").watchLicenses({ afterFeedRevision: 0n });
  await expect(Array.fromAsync(stream)).rejects.toMatchObject({ name: "Problem" });
  await ended.promise;
});
