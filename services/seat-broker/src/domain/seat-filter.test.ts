import { expect, test } from "vitest";
import { someHolder, someUuid } from "../../test/some-pool.ts";
import type { Seat } from "./seat.ts";
import { matches, type SeatFilter } from "./seat-filter.ts";

const ANY: SeatFilter = {
  user: undefined,
  host: undefined,
  installation: undefined,
  feature: undefined,
  state: undefined,
};

const SEAT: Seat = {
  member: "AZAAAAAAcACAAAAAAAAAAQ",
  holder: { ...someHolder(), user: "ada", host: "difference" },
  fence: 1n,
  grantTime: 0,
  heartbeatTime: 0,
  expiry: 1,
  claim: { seats: 1, features: ["cam", "mesh"] },
  state: "HELD",
  overdraft: false,
};

const { installation } = SEAT.holder;

test("a filter that says nothing lets every seat through", () => {
  expect(matches(ANY, SEAT)).toBe(true);
});

test.each<[keyof SeatFilter, Partial<SeatFilter>, Partial<SeatFilter>]>([
  ["user", { user: "ada" }, { user: "Ada" }],
  ["host", { host: "difference" }, { host: "diff" }],
  ["installation", { installation }, { installation: someUuid() }],
  ["feature", { feature: "mesh" }, { feature: "me" }],
  ["state", { state: "HELD" }, { state: "BORROWED" }],
])("a seat is chosen by its %s", (_, same, other) => {
  expect(matches({ ...ANY, ...same }, SEAT)).toBe(true);
  expect(matches({ ...ANY, ...other }, SEAT)).toBe(false);
});

test("all that is given must match", () => {
  expect(matches({ ...ANY, user: "ada", feature: "cam" }, SEAT)).toBe(true);
  expect(matches({ ...ANY, user: "ada", feature: "fem" }, SEAT)).toBe(false);
});
