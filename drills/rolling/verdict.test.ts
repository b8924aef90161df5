import { expect, test } from "vitest";
import type { Told } from "@leasehold/robustness/checker";
import { SEATS } from "./timings.ts";
import { verdictOf } from "./verdict.ts";

const EPOCH = 1n << 32n;

/** Everybody holds one of the seats all the time, after many others; ten were refused. */
function busyHistory(): Told {
  const holding = (index: number, from: number, until: number) => ({
    agent: `agent ${index}`,
    askedAt: from - 1,
    from,
    until,
    fence: EPOCH + BigInt(from * 10 + index),
    killed: false,
  });
  return {
    holdings: [0, 1, 2].flatMap((turn) =>
      Array.from({ length: SEATS }, (_, index) =>
        holding(index, 1_000 * turn + 10 * index + 1, 1_000 * turn + 1_000),
      ),
    ),
    waitings: [],
    losses: [],
    standstills: [],
    refusals: Array.from({ length: 10 }, () => ({ at: 500, reason: "NO_SEATS" })),
  };
}

function failuresOf(told: Told, mishaps: readonly string[] = []): readonly string[] {
  return verdictOf({ told, from: 0, until: 3_000, figures: {}, mishaps }).failures;
}

test("a run that nobody noticed passes", () => {
  expect(failuresOf(busyHistory())).toEqual([]);
});

test("a seat too many fails it", () => {
  const told = busyHistory();
  const [first] = told.holdings;
  const another = { ...first!, agent: "another", from: 500, askedAt: 499, fence: EPOCH + 7_000n };
  expect(failuresOf({ ...told, holdings: [...told.holdings, another] })[0]).toMatch(
    /^violations: 9 seats/,
  );
});

test("a seat that was lost fails it, whatever the cause", () => {
  const losses = [{ agent: "agent 1", at: 700, cause: "expired" }];
  expect(failuresOf({ ...busyHistory(), losses })).toEqual([
    "lostSeats: agent 1 lost a seat: expired",
  ]);
});

test("a pool that recovered fails it: nothing was lost that it could recover from", () => {
  const told = busyHistory();
  const holdings = told.holdings.map((each, index) =>
    index === told.holdings.length - 1 ? { ...each, fence: each.fence + EPOCH } : each,
  );
  expect(failuresOf({ ...told, holdings })).toContainEqual(expect.stringMatching(/^recoveries: /));
});

test("what went wrong with the run fails it, and so does a run without a contest", () => {
  expect(failuresOf(busyHistory(), ["day 3: it rained"])).toEqual(["mishaps: day 3: it rained"]);
  expect(failuresOf({ ...busyHistory(), refusals: [] })).toEqual(["contended is 0, less than 10"]);
});
