import { expect, test } from "vitest";
import { grantedTooEarly, killedSeats } from "./killed-seats.ts";
import { CLOCKS, history, holding } from "./some-history.ts";
import { tooMany } from "./too-many.ts";

const killed = holding(0, 100, { killed: true });
/** The poll that a seat may wait for is that of the real clocks. */
const END = 100 + CLOCKS.spanMs + 3_000;

test("the seat of a killed agent that is granted before its deadline is found", () => {
  const early = history({ holdings: [killed, holding(110, 200)] });
  expect(tooMany(early, CLOCKS)).toEqual([]);
  expect(grantedTooEarly(early, CLOCKS)).toHaveLength(1);
  expect(grantedTooEarly(history({ holdings: [killed, holding(137, 200)] }), CLOCKS)).toEqual([]);
});

test("it is not, if its heartbeats may have gone unanswered", () => {
  const outages = [{ what: "away", reach: "some", from: 50, until: 60 } as const];
  const early = history({ holdings: [killed, holding(110, 200)], outages });
  expect(grantedTooEarly(early, CLOCKS)).toEqual([]);
});

test("the seat of a killed agent that nobody gets again is found", () => {
  const until = END + 1_000;
  const then = (from: number) =>
    killedSeats(history({ until, holdings: [killed, holding(from, from + 100)] }), CLOCKS);
  expect(then(175)).toEqual({ again: 1, notAgain: [] });
  expect(then(END + 1).notAgain).toHaveLength(1);
});

test("nothing is concluded from a seat that nobody could have got", () => {
  const none = { again: 0, notAgain: [] };
  expect(killedSeats(history({ holdings: [killed], until: END - 1 }), CLOCKS)).toEqual(none);
  const lost = history({ holdings: [killed], until: END + 1, disturbances: [150] });
  expect(killedSeats(lost, CLOCKS)).toEqual(none);
});
