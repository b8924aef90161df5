import type { Holder } from "./holder.ts";
import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { foldEntries } from "./ledger-batch.ts";
import type { LedgerEntry } from "./ledger-entry.ts";

const LEASE = "018f0000-0000-7000-8000-000000000001" as Uuid;
const PARTY: Holder = {
  installation: "018f0000-0000-7000-8000-000000000002" as Uuid,
  user: "ada",
  host: "difference",
  process: "17",
  applicationVersion: "1.0",
  address: "",
};
const BEGINNING = { epoch: 0, number: 0 };

const place = (number: number, at = number, epoch = 1) => ({ epoch, number, at });
const claim = { party: PARTY, seats: 1, features: [] };
const taken = { kind: "taken", lease: LEASE, ...claim } as const;
const rest = { fence: 1n, unit: "", overdraft: false, borrowed: false, live: 3 };
const ended = { kind: "ended", lease: LEASE, end: "RELEASED" } as const;
const denied = { kind: "denied", lease: LEASE, ...claim, cause: "FULL" } as const;
const crowd = { feature: "", live: 3, waiting: 0 };

test("a grant and its end are one row", () => {
  const batch = foldEntries(
    [
      { ...place(1), ...taken, ...rest },
      { ...place(2), ...ended },
    ],
    BEGINNING,
  );
  expect(batch).toMatchObject({
    sessions: [{ lease: LEASE, grantedAt: 1, ended: { at: 2, end: "RELEASED" } }],
    ends: [],
    cursor: { epoch: 1, number: 2 },
    dropped: 0,
    earliest: 1,
  });
});

test("no session ends before it began", () => {
  const entries: LedgerEntry[] = [
    { ...place(1, 50), ...taken, ...rest },
    { ...place(2, 40), ...ended },
  ];
  expect(foldEntries(entries, BEGINNING)?.sessions[0]?.ended?.at).toBe(50);
});

test("an end alone is kept apart, and withdrawn if its lease is heard of again", () => {
  expect(foldEntries([{ ...place(1), ...ended }], BEGINNING)).toMatchObject({
    ends: [{ lease: LEASE, at: 1 }],
  });
  const back = [
    { ...place(1), ...ended },
    { ...place(2), ...taken, ...rest },
  ];
  expect(foldEntries(back, BEGINNING)).toMatchObject({
    ends: [],
    sessions: [{ ended: undefined }],
  });
});

test("who comes back keeps the names and the time of before", () => {
  const anonymous = { ...PARTY, user: "", host: "" };
  const entries: LedgerEntry[] = [
    { ...place(1), ...taken, ...rest },
    { ...place(2), ...taken, ...rest, live: 0, party: anonymous },
  ];
  expect(foldEntries(entries, BEGINNING)?.sessions).toMatchObject([
    { party: PARTY, grantedAt: 1, live: 3 },
  ]);
});

test("denials of a lease add up to one row", () => {
  const again = [1, 2, 3].map((n): LedgerEntry => ({ ...place(n, 10 * n), ...denied, ...crowd }));
  expect(foldEntries(again, BEGINNING)?.denials).toMatchObject([
    { attempts: 3, firstAt: 10, lastAt: 30 },
  ]);
});

test("entries that were taken over are passed over", () => {
  const entries = [1, 2, 3].map((n): LedgerEntry => ({ ...place(n), ...denied, ...crowd }));
  expect(foldEntries(entries, { epoch: 1, number: 3 })).toBeUndefined();
  expect(foldEntries(entries, { epoch: 1, number: 2 })?.denials).toMatchObject([{ attempts: 1 }]);
  expect(foldEntries(entries, { epoch: 2, number: 0 })).toBeUndefined();
});

test.each([
  ["behind each other", place(8), 0],
  ["with a gap", place(10), 2],
  ["begun anew in a later epoch", place(1, 0, 2), 0],
  ["begun anew in a later epoch, the first ones missing", place(4, 0, 2), 3],
  ["gone on in a later epoch", place(9, 0, 2), 1],
])("of numbers %s so many are missing", (_, next, dropped) => {
  const batch = foldEntries([{ ...next, ...denied, ...crowd }], { epoch: 1, number: 7 });
  expect(batch?.dropped).toBe(dropped);
});

test("a recovery alone counts nothing anew", () => {
  const batch = foldEntries([{ ...place(1), kind: "recovered", learnedAt: 9 }], BEGINNING);
  expect(batch).toMatchObject({
    recovered: { epoch: 1, at: 1, learnedAt: 9 },
    earliest: undefined,
  });
});
