import { expect, test } from "vitest";
import { ENTRIES_BYTES_MAX, OPEN_POLICY } from "./seat-policy.ts";
import type { SeatGroup, SeatPolicy } from "./seat-policy.ts";
import { seatPolicyFaults } from "./seat-policy-faults.ts";

function group(name: string, change: Partial<SeatGroup> = {}): SeatGroup {
  const lists = { users: [], hosts: [], installations: [] };
  return { group: name, ...lists, reservedSeats: 0, priority: 0, ...change };
}

function faultyPaths(change: Partial<SeatPolicy>, seats = 3): readonly string[] {
  return seatPolicyFaults({ ...OPEN_POLICY, ...change }, seats).map(({ path }) => path);
}

test("the open policy has no fault, and no group has to keep seats", () => {
  expect(faultyPaths({})).toEqual([]);
  expect(faultyPaths({ groups: [group("a"), group("b")] }, 1)).toEqual([]);
});

test("groups may keep every seat there is, and none more", () => {
  const keeping = (...seats: readonly number[]) =>
    faultyPaths({
      groups: seats.map((reservedSeats, index) => group(`g${index}`, { reservedSeats })),
    });
  expect(keeping(3)).toEqual([]);
  expect(keeping(1, 0, 2, 0)).toEqual([]);
  expect(keeping(4)).toEqual(["seat_policy.groups[0].reserved_seats"]);
  expect(keeping(2, 0, 2, 0, 1)).toEqual(["seat_policy.groups[2].reserved_seats"]);
  expect(keeping(4, 1, 5)).toEqual([
    "seat_policy.groups[0].reserved_seats",
    "seat_policy.groups[2].reserved_seats",
  ]);
});

test("the overdraft is nothing that a group could keep", () => {
  const groups = [group("a", { reservedSeats: 4 })];
  expect(faultyPaths({ groups, overdraft: 10 })).toEqual(["seat_policy.groups[0].reserved_seats"]);
});

test("only groups of the policy are included or excluded, and a group may be both", () => {
  const groups = [group("a"), group("b")];
  expect(faultyPaths({ groups, includeGroups: ["a", "b"], excludeGroups: ["b"] })).toEqual([]);
  expect(
    faultyPaths({ groups, includeGroups: ["a", "c"], excludeGroups: ["constructor", "b"] }),
  ).toEqual(["seat_policy.include_groups[1]", "seat_policy.exclude_groups[0]"]);
  expect(faultyPaths({ includeGroups: ["a"] })).toEqual(["seat_policy.include_groups[0]"]);
});

test("the entries of all groups have a bound together, in bytes", () => {
  const half = "é".repeat(ENTRIES_BYTES_MAX / 4);
  const groups = [group("a", { users: [half] }), group("b", { hosts: [half] })];
  expect(faultyPaths({ groups })).toEqual([]);
  expect(faultyPaths({ groups: [...groups, group("c", { installations: ["x"] })] })).toEqual([
    "seat_policy.groups",
  ]);
});
