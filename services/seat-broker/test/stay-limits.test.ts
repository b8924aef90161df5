import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openStream } from "./open-stream.ts";
import { openWait } from "./open-wait.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

const LIMIT = { timeout: 10_000 };

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({
    settings: {
      SEAT_BROKER_STREAMS: "3",
      SEAT_BROKER_STREAMS_PER_INSTALLATION: "2",
      SEAT_BROKER_WAITERS: "3",
      SEAT_BROKER_WAITERS_PER_INSTALLATION: "2",
    },
  });
});
afterAll(() => running[Symbol.asyncDispose]());

async function installations(count: number) {
  const pool = somePool({ seats: 1 });
  await running.issue(pool);
  const all = Array.from({ length: count }, () => running.installation(pool));
  return { pool, machines: (await Promise.all(all)).map(({ broker }) => broker) };
}

test("streams beyond what one installation and the broker bear are refused, and told when to come back", async () => {
  const { machines } = await installations(3);
  const [ada, bob, eve] = machines;
  await using first = await openStream(ada!);
  await using second = await openStream(ada!);
  for (const stream of [first, second])
    await vi.waitFor(() => expect(stream.changes()).toHaveLength(1), LIMIT);
  await using third = await openStream(ada!);
  expect(await third.ended).toMatchObject({
    reason: "RATE_LIMITED",
    retryAfterMs: expect.any(Number) as number,
  });
  await using ofBob = await openStream(bob!);
  await vi.waitFor(() => expect(ofBob.changes()).toHaveLength(1), LIMIT);
  await using ofEve = await openStream(eve!);
  expect(await ofEve.ended).toMatchObject({
    reason: "OVERLOADED",
    retryAfterMs: expect.any(Number) as number,
  });
  first.end();
  await first.ended;
  await vi.waitFor(async () => {
    await using again = await openStream(eve!);
    await vi.waitFor(() => expect(again.changes()).toHaveLength(1), { timeout: 500 });
  }, LIMIT);
});

test("waiters beyond what one installation and the broker bear are refused", async () => {
  const { pool, machines } = await installations(3);
  const [ada, bob, eve] = machines;
  const holding = { holder: undefined, claim: undefined };
  await ada!.acquireSeat({ leaseId: someLease(pool.license).bytes, ...holding });
  const wait = (broker: NonNullable<typeof ada>) => openWait(broker, someLease(pool.license).bytes);
  await using first = wait(ada!);
  await using second = wait(ada!);
  for (const one of [first, second])
    await vi.waitFor(() => expect(one.ahead.length).toBeGreaterThan(0), LIMIT);
  await using third = wait(ada!);
  expect(await third.ended).toMatchObject({ reason: "RATE_LIMITED" });
  await using ofBob = wait(bob!);
  await vi.waitFor(() => expect(ofBob.ahead.length).toBeGreaterThan(0), LIMIT);
  await using ofEve = wait(eve!);
  expect(await ofEve.ended).toMatchObject({ reason: "OVERLOADED" });
  await first.leave();
  await vi.waitFor(async () => {
    await using again = wait(eve!);
    await vi.waitFor(() => expect(again.ahead.length).toBeGreaterThan(0), { timeout: 500 });
  }, LIMIT);
});
