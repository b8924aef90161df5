import { expect, test } from "vitest";
import { Findings } from "../findings.ts";
import { rounds } from "./races.ts";

const always = () => true;

async function foundOf(won: readonly string[]): Promise<Findings> {
  const findings = new Findings("");
  await rounds({ name: "lastSeat", round: async () => won }, 3, always, findings);
  return findings;
}

test("one winner of each round is as it should be", async () => {
  const found = await foundOf(["ada"]);
  expect(found.figures).toEqual({ races: 3, "races.lastSeat": 3 });
});

test("a seat that is given twice is caught, and one that nobody gets", async () => {
  expect((await foundOf(["ada", "eve"])).figure("raceDoubleWinners")).toBe(3);
  expect((await foundOf([])).figure("racesNobodyWon")).toBe(3);
});
