import { expect, test } from "vitest";
import { boundsOf } from "./bounds.ts";

const HELD = {
  crashes: 0,
  forgedAccepted: 0,
  matrixSurprises: 0,
  raceDoubleWinners: 0,
  leaks: 0,
  maxRssMiB: 512,
  goodCallShareUnderFlood: 0.99,
};

test("a run within its bounds has no failure", () => {
  expect(boundsOf(HELD)).toEqual([]);
});

test.each([
  [{ crashes: 1 }, "crashes is 1, more than 0"],
  [{ forgedAccepted: 1 }, "forgedAccepted is 1, more than 0"],
  [{ matrixSurprises: 2 }, "matrixSurprises is 2, more than 0"],
  [{ raceDoubleWinners: 1 }, "raceDoubleWinners is 1, more than 0"],
  [{ leaks: 1 }, "leaks is 1, more than 0"],
  [{ maxRssMiB: 513 }, "maxRssMiB is 513, more than 512"],
  [{ goodCallShareUnderFlood: 0.98 }, "goodCallShareUnderFlood is 0.98, less than 0.99"],
])("%j is too much", (figures, failure) => {
  expect(boundsOf({ ...HELD, ...figures })).toEqual([failure]);
});

test("what was not looked at did not hold", () => {
  expect(boundsOf({})).toHaveLength(Object.keys(HELD).length);
});
