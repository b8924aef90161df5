import { expect, test } from "vitest";
import { changeEdition, termsByEdition } from "./edition.ts";
import type { Edition } from "./edition.ts";
import { ANYWHERE } from "./installation-policy.ts";
import { OPEN_POLICY } from "./seat-policy.ts";

const EDITION: Edition = {
  productId: "studio",
  id: "team",
  displayName: "Team",
  terms: {
    model: "FLOATING",
    trial: false,
    seats: 3,
    features: [{ feature: "dataflow" }],
    leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
    changePolicy: "LIVE",
    seatPolicy: OPEN_POLICY,
    installationPolicy: ANYWHERE,
  },
  termDays: 2,
  maintenanceDays: 0,
  retired: false,
  revision: 4n,
  createTime: 1_000,
  updateTime: 2_000,
};

test("the terms of a license are the edition's, from now, for its days", () => {
  const times = { startTime: 5_000, endTime: 5_000 + 2 * 86_400_000 };
  expect(termsByEdition(EDITION, 5_000)).toEqual({ ...EDITION.terms, ...times });
});

test("the days count from the start that stands in place of now", () => {
  const terms = termsByEdition(EDITION, 5_000, { startTime: 9_000, seats: 7 });
  expect(terms).toMatchObject({ startTime: 9_000, endTime: 9_000 + 2 * 86_400_000, seats: 7 });
});

test("an end of its own stands in place of the days", () => {
  expect(termsByEdition(EDITION, 5_000, { endTime: 7_000 })).toMatchObject({
    startTime: 5_000,
    endTime: 7_000,
  });
});

test("a change makes the next revision, and touches nothing else", () => {
  const changed = { ...EDITION, retired: true, revision: 5n, updateTime: 3_000 };
  expect(changeEdition(EDITION, { retired: true }, 3_000)).toEqual(changed);
});
