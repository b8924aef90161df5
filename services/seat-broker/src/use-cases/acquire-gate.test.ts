import type { Uuid } from "@leasehold/kernel";
import { type ManualClock, manualClock } from "@leasehold/testkit";
import { expect, test } from "vitest";
import { someUuid } from "../../test/some-pool.ts";
import { type AcquireGate, acquireGate } from "./acquire-gate.ts";

const FIRST_LIMIT = 32;
const OVERLOADED = expect.objectContaining({ reason: "OVERLOADED" }) as unknown;

/** Work that goes on until the test ends it, in the order in which it began. */
function jammed() {
  const begun: { readonly name: string; readonly end: () => void }[] = [];
  const work = (name: string) => () =>
    new Promise<string>((resolve) => begun.push({ name, end: () => resolve(name) }));
  const endNext = async (): Promise<string | undefined> => {
    const next = begun.shift();
    next?.end();
    await new Promise(setImmediate);
    return next?.name;
  };
  return { begun, work, endNext };
}

async function settled(
  calls: readonly Promise<unknown>[],
): Promise<readonly PromiseSettledResult<unknown>[]> {
  return Promise.allSettled(calls);
}

function flood(
  gate: AcquireGate,
  work: (name: string) => () => Promise<string>,
  calls: number,
  installation: Uuid = someUuid(),
): readonly Promise<unknown>[] {
  return Array.from({ length: calls }, () => gate.pass(installation, work("flood")));
}

function someGate(clock: ManualClock = manualClock()) {
  return { ...jammed(), clock, gate: acquireGate(clock) };
}

test("only so many are under way; the others wait, and go when there is room", async () => {
  const { gate, work, begun, endNext } = someGate();
  const calls = flood(gate, work, FIRST_LIMIT + 10);
  await new Promise(setImmediate);
  expect(begun).toHaveLength(FIRST_LIMIT);
  expect(gate.standing()).toMatchObject({ underWay: FIRST_LIMIT, queued: 10 });
  while (begun.length > 0) await endNext();
  await Promise.all(calls);
  expect(gate.standing()).toMatchObject({ underWay: 0, queued: 0, passed: 42, refused: 0 });
});

test("installations take turns, however many calls one of them has made before", async () => {
  const { gate, work, begun, endNext } = someGate();
  const flooding = flood(gate, work, 500);
  const others = ["ada", "bob"].map((name) => gate.pass(someUuid(), work(name)));
  await new Promise(setImmediate);
  for (let i = 0; i < 3; i += 1) await endNext();
  expect(begun.slice(-3).map(({ name }) => name)).toEqual(["flood", "ada", "bob"]);
  while (begun.length > 0) await endNext();
  expect(await Promise.all(others)).toEqual(["ada", "bob"]);
  await Promise.all(flooding);
  expect(gate.standing()).toMatchObject({ refused: 0 });
});

test("where the queue is full, whoever has most in it gives way to others", async () => {
  const { gate, work, begun, endNext } = someGate();
  const flooding = settled(flood(gate, work, 2_000));
  await new Promise(setImmediate);
  expect(gate.standing()).toMatchObject({ queued: 1_024, refused: 2_000 - 1_024 - FIRST_LIMIT });
  const others = Array.from({ length: 100 }, () => gate.pass(someUuid(), work("other")));
  await new Promise(setImmediate);
  expect(gate.standing()).toMatchObject({ queued: 1_024, refused: 2_100 - 1_024 - FIRST_LIMIT });
  while (begun.length > 0) await endNext();
  expect(await Promise.all(others)).toHaveLength(100);
  const refusals = (await flooding).filter(({ status }) => status === "rejected");
  expect(refusals).toHaveLength(2_100 - 1_024 - FIRST_LIMIT);
  expect(refusals[0]).toMatchObject({ reason: OVERLOADED });
});

test("where the queue is full and nobody has more in it than others, the newcomer is refused", async () => {
  const { gate, work, begun, endNext } = someGate();
  const calls = settled(
    Array.from({ length: FIRST_LIMIT + 1_024 }, () => gate.pass(someUuid(), work("one"))),
  );
  await expect(gate.pass(someUuid(), work("newcomer"))).rejects.toEqual(OVERLOADED);
  while (begun.length > 0) await endNext();
  expect((await calls).every(({ status }) => status === "fulfilled")).toBe(true);
});

test("whose turn does not come in time is refused, and its work is not done", async () => {
  const { gate, work, begun, clock, endNext } = someGate();
  const early = flood(gate, work, FIRST_LIMIT);
  const late = gate.pass(someUuid(), work("late"));
  const refusal = late.catch((thrown: unknown) => thrown);
  await new Promise(setImmediate);
  clock.advance(1_001);
  await endNext();
  expect(await refusal).toEqual(OVERLOADED);
  while (begun.length > 0) expect(await endNext()).not.toBe("late");
  await Promise.all(early);
  expect(gate.standing()).toMatchObject({ underWay: 0, queued: 0, refused: 1 });
});

test("slow answers let fewer through, fast ones more again", async () => {
  const { gate, work, begun, clock, endNext } = someGate();
  const slow = flood(gate, work, FIRST_LIMIT);
  await new Promise(setImmediate);
  clock.advance(400);
  while (begun.length > 0) await endNext();
  await Promise.all(slow);
  expect(gate.standing().limit).toBe(FIRST_LIMIT / 2);
  for (let round = 0; round < 40; round += 1) {
    const fast = flood(gate, work, 60);
    await new Promise(setImmediate);
    while (begun.length > 0) await endNext();
    await Promise.all(fast);
  }
  expect(gate.standing().limit).toBeGreaterThan(FIRST_LIMIT);
});

test("work that fails leaves its place, and its failure is told", async () => {
  const { gate } = someGate();
  const failing = () => Promise.reject(new Error("gone"));
  await expect(gate.pass(someUuid(), failing)).rejects.toThrow("gone");
  expect(gate.standing()).toMatchObject({ underWay: 0, passed: 1, refused: 0 });
});
