import { expect, test } from "vitest";
import type { LicenseTerms } from "./license-facts.ts";
import { planSeats } from "./seat-wish.ts";

const TERMS: LicenseTerms = {
  model: "FLOATING",
  seats: 5,
  features: [{ feature: "workflow" }, { feature: "dataflow", seats: 2 }],
  startTime: 0,
  endTime: 1,
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
  seatPolicy: new Uint8Array(),
  passedTerms: new Uint8Array(),
};
const wish = (seats: number, features: Record<string, number> = {}) => ({
  seats,
  featureSeats: new Map(Object.entries(features)),
});
const seat = (lease: string, ...features: string[]) => ({ lease, features });

test("what is there is kept, and what is lacking asked for, the seats with features first", () => {
  const seats = [seat("a"), seat("b", "dataflow")];
  expect(planSeats(seats, wish(4, { dataflow: 2 }), TERMS)).toEqual({
    keep: seats,
    leave: [],
    lack: [["dataflow"], []],
  });
});

test("a license with fewer seats leaves the newest ones to run out", () => {
  const seats = [seat("a"), seat("b"), seat("c")];
  const plan = planSeats(seats, wish(3), { ...TERMS, seats: 2 });
  expect(plan).toEqual({ keep: seats.slice(0, 2), leave: seats.slice(2), lack: [] });
});

test("of a feature no more is wanted than the license has, and none that everybody may use", () => {
  const { lack } = planSeats([], wish(3, { dataflow: 9, workflow: 3 }), TERMS);
  expect(lack).toEqual([["dataflow"], ["dataflow"], []]);
});
