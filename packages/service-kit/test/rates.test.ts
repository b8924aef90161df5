import { status } from "@grpc/grpc-js";
import type { Problem } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { postRaw } from "./post-raw.ts";
import { running } from "./running-server.ts";
import { LEASE_ID } from "./sample-service.ts";

const request = { leaseId: LEASE_ID, holder: undefined, claim: undefined };
const page = { parent: "", pageSize: 0, pageToken: "", filter: undefined };
const RATES = { LEASE: { count: 2, periodMs: 60_000 } };

/** A server with a rate, at a time that stands still. */
async function rated() {
  let now = 0;
  const clock = { monotonic: () => now };
  const kit = await running({ rates: RATES, countsLoopback: true, clock }, { services: [] });
  return {
    kit,
    advance: (ms: number) => (now += ms),
    [Symbol.asyncDispose]: () => kit[Symbol.asyncDispose](),
  };
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (thrown: unknown) => thrown as Problem,
  );

test("who calls too often is told when there is room again, and then let in", async () => {
  await using at = await rated();
  const caller = at.kit.broker("installation");
  await caller.acquireSeat(request);
  await caller.acquireSeat(request);
  const refused = await refusal(caller.acquireSeat(request));
  expect(refused).toMatchObject({ reason: "RATE_LIMITED" });
  expect(refused?.retryAfterMs).toBeGreaterThanOrEqual(30_000);
  expect(refused?.retryAfterMs).toBeLessThanOrEqual(30_501);
  at.advance(30_000);
  await expect(caller.acquireSeat(request)).resolves.toBeDefined();
});

test("calls are counted before anybody looks at credentials", async () => {
  await using at = await rated();
  const nobody = at.kit.broker("nobody");
  expect(await refusal(nobody.acquireSeat(request))).toMatchObject({ reason: "UNAUTHENTICATED" });
  expect(await refusal(nobody.acquireSeat(request))).toMatchObject({ reason: "UNAUTHENTICATED" });
  expect(await refusal(nobody.acquireSeat(request))).toMatchObject({ reason: "RATE_LIMITED" });
});

test("who wants seats too often may still renew, and look at lists", async () => {
  await using at = await rated();
  const caller = at.kit.broker("installation");
  for (let calls = 0; calls < 3; calls += 1) await refusal(caller.acquireSeat(request));
  await expect(caller.renewSeats({ heartbeats: [] })).resolves.toBeDefined();
  await expect(at.kit.broker("reader").listSeats(page)).resolves.toBeDefined();
});

test("the refusal tells transports not to repeat the call before there is room", async () => {
  await using at = await rated();
  for (let calls = 0; calls < 2; calls += 1) await postRaw(at.kit);
  const answered = await postRaw(at.kit);
  expect(answered["grpc-status"]).toBe(String(status.RESOURCE_EXHAUSTED));
  expect(Number(answered["grpc-retry-pushback-ms"])).toBeGreaterThanOrEqual(30_000);
});

test("a flood of refused calls gets a few lines in the log, which tell how many got none", async () => {
  await using at = await rated();
  const caller = at.kit.broker("installation");
  for (let calls = 0; calls < 40; calls += 1) await refusal(caller.acquireSeat(request));
  at.advance(60_000);
  await caller.acquireSeat(request);
  const lines = at.kit.log.entries.filter(({ facts }) => "rpc" in facts);
  expect(lines.filter(({ facts }) => facts["reason"] === "RATE_LIMITED")).toHaveLength(10);
  expect(lines.at(-1)?.facts).toMatchObject({ code: "OK", untold: 28 });
});

test("calls from this machine are not counted, unless they are to be", async () => {
  await using kit = await running({ rates: RATES });
  const caller = kit.broker("installation");
  for (let calls = 0; calls < 5; calls += 1)
    await expect(caller.acquireSeat(request)).resolves.toBeDefined();
});

test.each([
  [0, { list: undefined, acquire: undefined }],
  [199, { list: undefined, acquire: undefined }],
  [200, { list: "OVERLOADED", acquire: undefined }],
  [599, { list: "OVERLOADED", acquire: undefined }],
  [600, { list: "OVERLOADED", acquire: "OVERLOADED" }],
  [60_000, { list: "OVERLOADED", acquire: "OVERLOADED" }],
])("a loop that is %d ms late keeps out %j, and never renewals", async (delayMs, kept) => {
  await using kit = await running({ loopDelay: () => delayMs }, { services: [] });
  const list = await refusal(kit.broker("reader").listSeats(page));
  const acquire = await refusal(kit.broker("installation").acquireSeat(request));
  expect({ list: list?.reason, acquire: acquire?.reason }).toEqual(kept);
  expect(list?.retryAfterMs ?? 1_000).toBeGreaterThanOrEqual(1_000);
  await expect(kit.broker("installation").renewSeats({ heartbeats: [] })).resolves.toBeDefined();
  const stream = kit.broker("installation").keepAlive();
  stream.send({ seq: 1n, heartbeats: [] });
  stream.end();
  expect(await Array.fromAsync(stream)).toHaveLength(1);
});
