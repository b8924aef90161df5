import { expect, test } from "vitest";
import type { LicenseTerms } from "./license-facts.ts";
import { ALL_SEATS, type GrantFacts, mostLiveWith, siteGrants } from "./site-grants.ts";
import type { HeldSeat } from "./site-seat.ts";

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const CLOCK_ERROR = 30_000;
const SPAN = 55_000;
const TERMS: LicenseTerms = {
  model: "FLOATING",
  seats: 10,
  features: [{ feature: "workflow" }, { feature: "dataflow", seats: 2 }],
  startTime: 0,
  endTime: NOW + 1_000 * HOUR,
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
  seatPolicy: new Uint8Array(),
  passedTerms: new Uint8Array(),
};

const seat = (endsIn: number, ...features: string[]): HeldSeat => ({
  lease: "00".repeat(32),
  features,
  held: { endTime: NOW + endsIn, extendTime: NOW },
});
const count = (seats: number, dataflow = 0) =>
  new Map([
    [ALL_SEATS, seats],
    ["dataflow", dataflow],
  ]);
const granted = (facts: Partial<GrantFacts>) =>
  siteGrants({
    terms: TERMS,
    kept: [],
    alive: facts.kept ?? [],
    mostLive: count(0),
    before: undefined,
    now: NOW,
    clockErrorMs: CLOCK_ERROR,
    ...facts,
  });

test("a site hands out what it holds, and its last lease ends before the first of its seats does", () => {
  const kept = [seat(3 * HOUR), seat(HOUR), seat(2 * HOUR)];
  expect(granted({ kept })).toEqual({
    seats: count(3),
    endTime: NOW + HOUR - SPAN - CLOCK_ERROR,
  });
});

test("never beyond the license's own end", () => {
  const terms = { ...TERMS, endTime: NOW + 1_000 };
  expect(granted({ terms, kept: [seat(HOUR)] }).endTime).toBe(NOW + 1_000);
});

test("seats that are given up count until their end, for as long as leases on them may be live", () => {
  const kept = [seat(9 * HOUR), seat(8 * HOUR)];
  const alive = [...kept, seat(HOUR), seat(2 * HOUR)];
  const before = { seats: count(4), endTime: NOW };
  const given = (live: number) => granted({ kept, alive, before, mostLive: count(live) });
  expect(given(4)).toEqual({ seats: count(2), endTime: NOW + HOUR - SPAN - CLOCK_ERROR });
  expect(given(3).endTime).toBe(NOW + 2 * HOUR - SPAN - CLOCK_ERROR);
  expect(given(2).endTime).toBe(NOW + 8 * HOUR - SPAN - CLOCK_ERROR);
});

test("with more leases than seats nothing goes on, until enough of them are over", () => {
  const kept = [seat(9 * HOUR)];
  const before = { seats: count(2), endTime: NOW + HOUR };
  expect(granted({ kept, before, mostLive: count(2) }).endTime).toBe(NOW);
  const stopped = { ...before, endTime: NOW - HOUR };
  expect(granted({ kept, before: stopped, mostLive: count(2) }).endTime).toBe(NOW - HOUR);
});

test("while nobody knows how many leases are live, nothing grows and nothing lasts longer", () => {
  const kept = [seat(9 * HOUR), seat(9 * HOUR, "dataflow")];
  const before = { seats: count(1), endTime: NOW + HOUR };
  expect(granted({ kept, before, mostLive: undefined })).toEqual(before);
  expect(granted({ kept, mostLive: undefined })).toEqual({ seats: count(0), endTime: NOW });
});

test("a feature's limited seats are counted by themselves", () => {
  const kept = [seat(HOUR, "dataflow"), seat(9 * HOUR), seat(9 * HOUR)];
  expect(granted({ kept }).seats).toEqual(count(3, 1));
  const alive = [...kept, seat(2 * HOUR, "dataflow"), seat(9 * HOUR)];
  const live = granted({ kept, alive, mostLive: count(3, 2) });
  expect(live.endTime).toBe(NOW + HOUR - SPAN - CLOCK_ERROR);
  const spent = granted({ kept, alive: kept, mostLive: count(3, 2) });
  expect(spent.endTime).toBe(NOW);
});

test("a feature that was not limited before may be in use by anybody: nothing lasts longer", () => {
  const before = { seats: new Map([[ALL_SEATS, 1]]), endTime: NOW + HOUR };
  const mostLive = new Map([[ALL_SEATS, 1]]);
  const kept = [seat(9 * HOUR)];
  expect(granted({ kept, before, mostLive }).endTime).toBe(NOW + HOUR);
});

test("a site without seats stops at once", () => {
  const before = { seats: count(1), endTime: NOW + HOUR };
  expect(granted({ before, mostLive: count(1) })).toEqual({ seats: count(0), endTime: NOW });
});

test("what may be live grows with what is handed out, and what is unknown stays so", () => {
  expect(mostLiveWith(count(1, 2), count(3, 1))).toEqual(count(3, 2));
  expect(mostLiveWith(new Map([[ALL_SEATS, 1]]), count(2, 1))).toEqual(new Map([[ALL_SEATS, 2]]));
  expect(mostLiveWith(undefined, count(3))).toBeUndefined();
});
