import { expect, test } from "vitest";
import type { Outage } from "../site/chronicle.ts";
import type { History } from "./history.ts";
import { lostAboveLowered, lostLiveHolders } from "./lost-holders.ts";
import { CLOCKS, history, holding, loss, LOWERED } from "./some-history.ts";

const outage = (from: number, until: number, reach: Outage["reach"] = "all"): Outage => ({
  what: "away",
  reach,
  from,
  until,
});

function found(differs: Partial<History>): number {
  return lostLiveHolders(history({ losses: [loss(500)], ...differs }), CLOCKS).length;
}

test("a loss without a reason is found, whatever its cause", () => {
  expect(found({})).toBe(1);
  expect(found({ losses: [loss(500, { cause: "refused" })] })).toBe(1);
});

test("outages excuse a loss if they last for longer than the budget, within the validity before it", () => {
  expect(found({ outages: [outage(450, 484)] })).toBe(1);
  expect(found({ outages: [outage(450, 486)] })).toBe(0);
  expect(found({ outages: [outage(400, 470)] })).toBe(1);
  expect(found({ outages: [outage(440, 455), outage(470, 492)] })).toBe(0);
});

test("outages at the same time count once", () => {
  expect(found({ outages: [outage(450, 470), outage(455, 472)] })).toBe(1);
});

test("a seat-broker in trouble excuses nothing by itself, but leaves less of the budget for an outage", () => {
  expect(found({ outages: [outage(440, 500, "some")] })).toBe(1);
  expect(found({ outages: [outage(440, 470, "some"), outage(470, 480)] })).toBe(0);
});

test("an agent that stood still excuses its own loss only, and only if it was for long", () => {
  const stood = (agent: string, until: number) =>
    found({ standstills: [{ agent, from: 440, until }] });
  expect(stood("a", 490)).toBe(0);
  expect(stood("b", 490)).toBe(1);
  expect(stood("a", 445)).toBe(1);
});

test("a refusal in a recovery is excused if more were live than the lowered license has seats", () => {
  const refused: Partial<History> = {
    losses: [loss(200, { cause: "refused" })],
    holdings: [holding(50, 200), holding(60, 400)],
    capacities: LOWERED,
    disturbances: [190],
  };
  expect(found(refused)).toBe(0);
  expect(lostAboveLowered(history(refused), CLOCKS)).toBe(1);
  expect(found({ ...refused, disturbances: [] })).toBe(1);
  expect(found({ ...refused, holdings: [holding(50, 200)] })).toBe(1);
  expect(found({ ...refused, losses: [loss(200)] })).toBe(1);
});
