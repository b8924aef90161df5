import { expect, test } from "vitest";
import { termFaults } from "./license-terms.ts";
import type { LicenseTerms } from "./license-terms.ts";
import { ANYWHERE } from "./installation-policy.ts";
import type { FeatureKinds } from "./product.ts";
import { OPEN_POLICY } from "./seat-policy.ts";

const KNOWN: FeatureKinds = new Map([
  ["dataflow", "UNSPECIFIED"],
  ["workflow", "UNSPECIFIED"],
]);
const TERMS: LicenseTerms = {
  model: "FLOATING",
  trial: false,
  seats: 3,
  features: [{ feature: "dataflow" }, { feature: "workflow", limit: 3n }],
  startTime: 10_000,
  endTime: 20_000,
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
  changePolicy: "LIVE",
  seatPolicy: OPEN_POLICY,
  installationPolicy: ANYWHERE,
};

function faultyPaths(change: Partial<LicenseTerms>): readonly string[] {
  return termFaults({ ...TERMS, ...change }, KNOWN).map(({ path }) => path);
}

test("terms that make sense have no fault", () => {
  expect(faultyPaths({})).toEqual([]);
  expect(faultyPaths({ features: [] })).toEqual([]);
  expect(faultyPaths({ endTime: 11_000 })).toEqual([]);
});

test.each([
  ["before", 5_000],
  ["at", 10_000],
  ["less than a second after", 10_999],
])("a license must not end %s its start", (_, endTime) => {
  expect(faultyPaths({ endTime })).toEqual(["end_time"]);
});

test.each(["teleport", "__proto__", "constructor", "toString", "hasOwnProperty"])(
  "%s is no feature of a product that does not have it",
  (feature) => {
    expect(faultyPaths({ features: [{ feature: "dataflow" }, { feature }] })).toEqual([
      "features[1].feature",
    ]);
  },
);

test("a feature stands at most once, and every fault is told", () => {
  const features = ["dataflow", "dataflow", "x", "dataflow"].map((feature) => ({ feature }));
  expect(faultyPaths({ features, endTime: 0 })).toEqual([
    "end_time",
    "features[1].feature",
    "features[2].feature",
    "features[3].feature",
  ]);
});

test("groups that keep more seats than an amendment of the seats leaves are told of by the seats", () => {
  const group = { group: "a", users: [], hosts: [], installations: [], priority: 0 };
  const groups = [
    { ...group, reservedSeats: 2 },
    { ...group, group: "b", reservedSeats: 2 },
  ];
  const terms = { ...TERMS, seatPolicy: { ...OPEN_POLICY, groups } };
  const paths = (seats: number, amended?: Parameters<typeof termFaults>[2]) =>
    termFaults({ ...terms, seats }, KNOWN, amended).map(({ path }) => path);
  expect(paths(4)).toEqual([]);
  expect(paths(3)).toEqual(["seat_policy.groups[1].reserved_seats"]);
  expect(paths(3, { seats: 3 })).toEqual(["seats"]);
  expect(paths(4, { seats: 4 })).toEqual([]);
});

test.each([
  ["a switch with a limit", "SWITCH", 1n, ["features[0].limit"]],
  ["a switch without one", "SWITCH", undefined, []],
  ["a counted feature without a limit", "COUNTED", undefined, ["features[0].limit"]],
  ["a counted feature with a limit of 0", "COUNTED", 0n, []],
  ["a feature of no kind with a limit", "UNSPECIFIED", 1n, []],
  ["a feature of no kind without one", "UNSPECIFIED", undefined, []],
] as const)("%s is a fault, or not", (_, kind, limit, expected) => {
  const features = [{ feature: "dataflow", ...(limit !== undefined && { limit }) }];
  const known: FeatureKinds = new Map([["dataflow", kind]]);
  expect(termFaults({ ...TERMS, features }, known).map(({ path }) => path)).toEqual(expected);
});

test("a license ends within the years that the contract can tell", () => {
  const latest = Date.parse("9999-12-31T23:59:59.999Z");
  expect(faultyPaths({ endTime: latest })).toEqual([]);
  expect(faultyPaths({ endTime: latest + 1 })).toEqual(["end_time"]);
});
