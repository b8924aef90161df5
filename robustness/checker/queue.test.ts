import { expect, test } from "vitest";
import type { History } from "./history.ts";
import { idleSeats, outOfOrder } from "./queue.ts";
import { CLOCKS, history, holding, waiting } from "./some-history.ts";

const overtaking: Partial<History> = {
  waitings: [waiting(1_000, 5_000)],
  holdings: [holding(1_200, 1_300, { askedAt: 1_100 })],
};

function order(differs: Partial<History>) {
  const { failures, checked } = outOfOrder(history({ ...overtaking, ...differs }), CLOCKS);
  return { failures: failures.length, checked };
}

test("a grant to somebody who came later, while another one goes on waiting, is found", () => {
  expect(order({})).toEqual({ failures: 1, checked: 1 });
});

test("so is one to somebody who did not even wait in the queue", () => {
  const holdings = [holding(3_000, 3_100, { askedAt: 2_999 })];
  expect(order({ holdings })).toEqual({ failures: 1, checked: 1 });
});

test("a grant at about the same time is in order", () => {
  expect(order({ waitings: [waiting(1_000, 2_500)] })).toEqual({ failures: 0, checked: 1 });
});

test("a grant to somebody who came earlier is none of the waiter's business", () => {
  const holdings = [holding(1_200, 1_300, { askedAt: 999 })];
  expect(order({ holdings })).toEqual({ failures: 0, checked: 0 });
});

test("nothing is concluded from troubled waiters or in troubled times", () => {
  const nothing = { failures: 0, checked: 0 };
  expect(order({ waitings: [waiting(1_000, 5_000, { disturbed: true })] })).toEqual(nothing);
  expect(order({ disturbances: [1_150] })).toEqual(nothing);
  const outages = [{ what: "away", reach: "some", from: 900, until: 950 } as const];
  expect(order({ outages })).toEqual(nothing);
});

const looks = [1_000, 1_700, 2_400, 3_100].map((at) => ({ at, seats: 2, live: 1 }));
const idle: Partial<History> = { waitings: [waiting(900, 4_000)], looks };

function idleFound(differs: Partial<History>): number {
  return idleSeats(history({ ...idle, ...differs }), CLOCKS).failures.length;
}

test("a seat that is free for more than two seconds while somebody waits is found", () => {
  expect(idleFound({})).toBe(1);
});

test("a seat that is free for less, or that nobody waits for, is not", () => {
  expect(idleFound({ looks: looks.slice(0, 3) })).toBe(0);
  expect(idleFound({ looks: looks.map((l) => ({ ...l, live: l.at === 1_700 ? 2 : 1 })) })).toBe(0);
  expect(idleFound({ waitings: [waiting(900, 2_000), waiting(2_100, 4_000)] })).toBe(0);
});

test("nor is one while the pool may be recovering", () => {
  expect(idleFound({ disturbances: [950] })).toBe(0);
  expect(idleFound({ disturbances: [900] })).toBe(1);
});

test("looks at which a free seat would count are counted", () => {
  expect(idleSeats(history(idle), CLOCKS).checked).toBe(4);
  expect(idleSeats(history({ looks }), CLOCKS).checked).toBe(0);
});
