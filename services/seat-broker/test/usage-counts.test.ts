import type { Uuid } from "@leasehold/kernel";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { foldEntries } from "../src/domain/ledger-batch.ts";
import type { LedgerEntry } from "../src/domain/ledger-entry.ts";
import { DAY_MS, DENIAL_WINDOW_MS, QUARTER_HOUR_MS } from "../src/domain/usage-spans.ts";
import { keepUsageOnce } from "../src/use-cases/keep-usage.ts";
import { takeEntries } from "../src/use-cases/take-entries.ts";
import { type HeldSeat, naiveUsage } from "./naive-usage.ts";
import { someUuid } from "./some-pool.ts";
import {
  INSTALLATION,
  MIDNIGHT,
  MINUTE_MS,
  type Said,
  writtenLedger,
  type WrittenLedger,
} from "./written-ledger.ts";

const HOUR_MS = 60 * MINUTE_MS;
const KEPT = { sessions: 400 * DAY_MS, rollups: 1_830 * DAY_MS };
const NEVER = new AbortController().signal;
const SPAN = { from: MIDNIGHT, until: MIDNIGHT + 3 * HOUR_MS };

let ledger: WrittenLedger;
let license: Uuid;

beforeAll(async () => {
  ledger = await writtenLedger();
});
afterAll(() => ledger[Symbol.asyncDispose]());
beforeEach(async () => {
  license = (await ledger.license({ seats: 7 })).license;
});

const pointsOf = (feature: string, range = SPAN, spanMs = QUARTER_HOUR_MS) =>
  ledger.reader.points(license, feature, range, spanMs);
const countUpTo = async (until: number) => {
  while (await ledger.usage.rollUp(until));
};
const keepAt = (at: number, kept = KEPT) =>
  keepUsageOnce(
    { ...ledger, clock: { now: () => at }, pause: () => Promise.resolve() },
    kept,
    NEVER,
  );
const write = async (kind: string, said: Said = {}) => {
  const lease = await ledger.write(license, kind, said);
  await takeEntries(ledger, [license]);
  return lease;
};
const outcomes = async () => {
  const found = await ledger.reader.denials(license, {}, { after: undefined, limit: 500 });
  return found.map(({ outcome }) => outcome).toReversed();
};

const heldSeat: fc.Arbitrary<HeldSeat> = fc
  .record({
    // Coarse, so that ends meet beginnings and spans.
    since: fc.integer({ min: 0, max: 35 }).map((n) => MIDNIGHT + n * 5 * MINUTE_MS),
    length: fc.oneof(
      fc.integer({ min: 0, max: 20 }).map((n) => n * 5 * MINUTE_MS),
      fc.nat(HOUR_MS),
    ),
    seats: fc.integer({ min: 1, max: 3 }),
    features: fc.subarray(["dataflow", "diagrams"]),
    unit: fc.constantFrom("", "", "@ada", "@bob"),
  })
  .map(({ since, length, seats, features, unit }) => ({
    since,
    until: since + length,
    features: unit === "" ? features : [],
    seats: unit === "" ? seats : 1,
    unit,
  }));

function entriesOf(held: readonly HeldSeat[]): readonly LedgerEntry[] {
  const names = { user: "ada", host: "h", process: "", applicationVersion: "", address: "" };
  const happened = held.flatMap(({ since, until, seats, features, unit }) => {
    const lease = someUuid();
    const taken = {
      kind: "taken",
      lease,
      seats,
      features,
      unit,
      overdraft: false,
      borrowed: false,
      live: 0,
      fence: 1n,
      party: { installation: INSTALLATION, ...names },
    } as const;
    return [{ at: since, ...taken }, { at: until, kind: "ended", lease, end: "EXPIRED" } as const];
  });
  return happened.map((entry, index) => ({ ...entry, epoch: 1, number: index + 1 }));
}

const keepEntries = (entries: readonly LedgerEntry[]) =>
  ledger.usage.open([license], async (ledgers) => {
    const batch = foldEntries(entries, ledgers.cursors.get(license)!);
    if (batch) await ledgers.keep(new Map([[license, batch]]));
  });

test("usage is what counting instant by instant comes to, whatever came late", async () => {
  const property = fc.asyncProperty(
    fc.array(heldSeat, { maxLength: 12 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    async (held, share) => {
      license = (await ledger.license()).license;
      const entries = entriesOf(held);
      const early = Math.round(share * entries.length);
      await keepEntries(entries.slice(0, early));
      await countUpTo(SPAN.until);
      await keepEntries(entries.slice(early));
      await countUpTo(SPAN.until);
      for (const feature of ["", "dataflow", "diagrams"]) {
        const points = await pointsOf(feature);
        const counted = points
          .filter(({ peak, grants }) => peak > 0 || grants > 0)
          .map(({ startsAt, peak, seatMs, grants }) => ({ startsAt, peak, seatMs, grants }));
        expect(counted).toEqual(naiveUsage(held, feature, SPAN));
      }
    },
  );
  await fc.assert(property, { numRuns: 25 });
});

test("the peak is what Redis counted where it knew of more", async () => {
  await write("grant", { live: 6 });
  await countUpTo(SPAN.until);
  expect((await pointsOf(""))[0]).toMatchObject({ peak: 6, seats: 7, grants: 1 });
  expect((await pointsOf(""))[1]).toMatchObject({ peak: 1, seatMs: QUARTER_HOUR_MS });
});

test("a day's peak is the highest of its quarters, its other figures are their sums", async () => {
  const lease = await write("grant", { seats: 2, live: 2 });
  await write("end", { lease, at: MIDNIGHT + HOUR_MS });
  await write("grant", { at: MIDNIGHT + 30 * HOUR_MS, live: 1 });
  const range = { from: MIDNIGHT, until: MIDNIGHT + 2 * DAY_MS };
  await countUpTo(range.until);
  const days = await pointsOf("", range, DAY_MS);
  expect(days).toMatchObject([
    { startsAt: MIDNIGHT, peak: 2, seatMs: 2 * HOUR_MS, grants: 1, seats: 7 },
    { startsAt: MIDNIGHT + DAY_MS, peak: 1, seatMs: 18 * HOUR_MS, grants: 1 },
  ]);
});

test("the seats that the license had then stay when a span is counted anew", async () => {
  await write("grant");
  await countUpTo(SPAN.until);
  await ledger.pools.keep(await ledger.license({ license, seats: 9, revision: 2n }));
  await write("deny", { at: MIDNIGHT + MINUTE_MS });
  await countUpTo(SPAN.until);
  expect((await pointsOf(""))[0]).toMatchObject({ seats: 7, denials: 1 });
});

test("a span is counted once its denials are known to be true", async () => {
  await write("grant");
  await keepAt(MIDNIGHT + QUARTER_HOUR_MS + DENIAL_WINDOW_MS);
  expect(await pointsOf("")).toEqual([]);
  await keepAt(MIDNIGHT + QUARTER_HOUR_MS + DENIAL_WINDOW_MS + MINUTE_MS);
  expect(await pointsOf("")).toHaveLength(1);
  expect(await ledger.reader.state(license)).toMatchObject({
    countedUntil: MIDNIGHT + QUARTER_HOUR_MS,
  });
});

test("a denial is true if its holder got no seat within ten minutes", async () => {
  await write("deny");
  await write("grant", { at: MIDNIGHT + DENIAL_WINDOW_MS });
  await countUpTo(SPAN.until);
  expect(await outcomes()).toEqual(["TRUE"]);
  expect((await pointsOf(""))[0]).toMatchObject({ denials: 1, trueDenials: 1 });
});

test("a denial is not true if its holder got a seat within ten minutes, under any lease id", async () => {
  await write("deny");
  await write("grant", { at: MIDNIGHT + DENIAL_WINDOW_MS - 1 });
  await countUpTo(SPAN.until);
  expect(await outcomes()).toEqual(["SERVED"]);
  expect((await pointsOf(""))[0]).toMatchObject({ denials: 1, trueDenials: 0 });
});

test("a seat of somebody else's serves nobody", async () => {
  await write("deny");
  await write("grant", { at: MIDNIGHT + 1, facts: JSON.stringify(["bob", "difference"]) });
  await countUpTo(SPAN.until);
  expect(await outcomes()).toEqual(["TRUE"]);
});

test("one holder that tries again and again is one true denial", async () => {
  for (const minutes of [0, 4, 13]) await write("deny", { at: MIDNIGHT + minutes * MINUTE_MS });
  await write("deny", { at: MIDNIGHT + HOUR_MS });
  await countUpTo(SPAN.until);
  expect(await outcomes()).toEqual(["TRUE", "RETRY", "RETRY", "TRUE"]);
  expect((await pointsOf(""))[0]).toMatchObject({ denials: 3, trueDenials: 1 });
});

test("a seat that is known of late makes a true denial untrue", async () => {
  await write("deny");
  await countUpTo(SPAN.until);
  expect(await outcomes()).toEqual(["TRUE"]);
  await write("grant", { at: MIDNIGHT + MINUTE_MS });
  await countUpTo(SPAN.until);
  expect(await outcomes()).toEqual(["SERVED"]);
  expect((await pointsOf(""))[0]).toMatchObject({ trueDenials: 0 });
});

test("a denial for want of a feature counts for the feature too", async () => {
  await write("deny", { cause: "FEATURE_FULL", feature: "diagrams" });
  await countUpTo(SPAN.until);
  expect(await pointsOf("diagrams")).toMatchObject([{ denials: 1, trueDenials: 1, seats: 0 }]);
  expect(await pointsOf("")).toMatchObject([{ denials: 1 }]);
  expect(await pointsOf("dataflow")).toEqual([]);
});

test("totals tell who held seats for longest, a shared seat once", async () => {
  const facts = JSON.stringify(["bob", "castle"]);
  const unit = "@bob";
  const bobs = [
    await write("grant", { facts, unit, features: "diagrams" }),
    await write("grant", { facts, unit, at: MIDNIGHT + 30 * MINUTE_MS }),
  ];
  for (const lease of bobs) await write("end", { lease, at: MIDNIGHT + HOUR_MS });
  await write("grant", { seats: 2 });
  const range = { from: MIDNIGHT, until: MIDNIGHT + 2 * HOUR_MS };
  expect(await ledger.reader.totals(license, "", range)).toEqual({
    users: [
      { key: "ada", seatMs: 4 * HOUR_MS, sessions: 1 },
      { key: "bob", seatMs: HOUR_MS, sessions: 2 },
    ],
    hosts: [
      { key: "difference", seatMs: 4 * HOUR_MS, sessions: 1 },
      { key: "castle", seatMs: HOUR_MS, sessions: 2 },
    ],
    features: [{ key: "diagrams", seatMs: HOUR_MS, sessions: 1 }],
  });
  const { users } = await ledger.reader.totals(license, "diagrams", range);
  expect(users).toEqual([{ key: "bob", seatMs: HOUR_MS, sessions: 1 }]);
});

test("what is older than it is kept is pruned, open sessions never", async () => {
  const open = await write("grant");
  const old = await write("grant");
  await write("end", { lease: old, at: MIDNIGHT + MINUTE_MS });
  await write("deny");
  const recent = await write("grant", { at: MIDNIGHT + 9 * DAY_MS });
  await write("end", { lease: recent, at: MIDNIGHT + 9 * DAY_MS + MINUTE_MS });
  const range = { from: MIDNIGHT, until: MIDNIGHT + 20 * DAY_MS };
  await keepAt(MIDNIGHT + 10 * DAY_MS, { sessions: 5 * DAY_MS, rollups: 8 * DAY_MS });
  const left = await ledger.reader.sessions(license, {}, { after: undefined, limit: 500 });
  expect(left.map(({ lease }) => lease)).toEqual([recent, open]);
  expect(await outcomes()).toEqual([]);
  const [first] = await pointsOf("", range);
  expect(first?.startsAt).toBe(MIDNIGHT + 2 * DAY_MS);
  expect(await pointsOf("", range)).not.toEqual([]);
});

test("brokers that count at a time count the same", async () => {
  await write("grant");
  await Promise.all([countUpTo(SPAN.until), countUpTo(SPAN.until), countUpTo(SPAN.until)]);
  expect(await pointsOf("")).toHaveLength(12);
});
