import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Uuid } from "@leasehold/kernel";
import { leaseIdOf } from "../src/domain/lease-id.ts";
import { followLedger, sweepLedgers } from "../src/use-cases/follow-ledger.ts";
import { keepUsageOnce } from "../src/use-cases/keep-usage.ts";
import { takeEntries } from "../src/use-cases/take-entries.ts";
import { touchedLicenses } from "../src/use-cases/touched-licenses.ts";
import { manualClock } from "@leasehold/testkit";
import { reasonOf } from "./problem-of.ts";
import { someUuid } from "./some-pool.ts";
import {
  INSTALLATION,
  keyOf,
  MIDNIGHT,
  MINUTE_MS,
  packed,
  writtenLedger,
  type WrittenLedger,
} from "./written-ledger.ts";

const EVERYTHING = { after: undefined, limit: 500 };
const KEPT = { sessions: 400 * 86_400_000, rollups: 1_830 * 86_400_000 };
const NEVER = new AbortController().signal;

let ledger: WrittenLedger;
let license: Uuid;

beforeAll(async () => {
  ledger = await writtenLedger();
});
afterAll(() => ledger[Symbol.asyncDispose]());
beforeEach(async () => {
  ledger.told.length = 0;
  license = (await ledger.license()).license;
});

const take = () => takeEntries(ledger, [license]);
const sessions = () => ledger.reader.sessions(license, {}, EVERYTHING);
const denials = () => ledger.reader.denials(license, {}, EVERYTHING);
const left = async () => (await ledger.stream.count([license]))[0];

/** A round of housekeeping at a time. */
const keepAt = (at: number) =>
  keepUsageOnce(
    { ...ledger, clock: { now: () => at }, pause: () => Promise.resolve() },
    KEPT,
    NEVER,
  );

test("a lease becomes a session with all that was known of it", async () => {
  const features = "dataflow,diagrams";
  const lease = await ledger.write(license, "grant", { seats: 2, features, over: 1, live: 4 });
  await ledger.write(license, "end", { lease, at: MIDNIGHT + 5, reason: "CHECKED_IN" });
  expect(await take()).toEqual([]);
  expect(await sessions()).toEqual([
    {
      lease,
      party: {
        installation: INSTALLATION,
        user: "ada",
        host: "difference",
        process: "17",
        applicationVersion: "1.0",
        address: "10.0.0.7",
      },
      seats: 2,
      features: ["dataflow", "diagrams"],
      fence: (1n << 32n) | 7n,
      grantedAt: MIDNIGHT,
      ended: { at: MIDNIGHT + 5, end: "CHECKED_IN" },
      overdraft: true,
      borrowed: false,
    },
  ]);
  expect(await left()).toBe(0);
});

test("an end that comes in a later batch ends the session", async () => {
  const lease = await ledger.write(license, "grant");
  await take();
  expect(await sessions()).toMatchObject([{ lease, ended: undefined }]);
  await ledger.write(license, "end", { lease, at: MIDNIGHT + 9, reason: "EXPIRED" });
  await take();
  expect(await sessions()).toMatchObject([{ ended: { at: MIDNIGHT + 9, end: "EXPIRED" } }]);
});

test("a lease that is borrowed while it lives stays one session", async () => {
  const lease = await ledger.write(license, "grant");
  await take();
  await ledger.write(license, "grant", { lease, at: MIDNIGHT + MINUTE_MS, borrowed: 1 });
  await take();
  expect(await sessions()).toMatchObject([{ lease, grantedAt: MIDNIGHT, borrowed: true }]);
});

test("who comes back after a loss of data keeps a session, who does not is lost", async () => {
  const [returning, gone] = [
    await ledger.write(license, "grant"),
    await ledger.write(license, "grant"),
  ];
  await take();
  await ledger.client.del(keyOf(license, "m"), keyOf(license, "e"));
  const at = MIDNIGHT + MINUTE_MS;
  const until = at + MINUTE_MS;
  await ledger.write(license, "recovered", { epoch: 2, at, until });
  await ledger.write(license, "readmit", { epoch: 2, at: at + 5, lease: returning });
  const stranger = await ledger.write(license, "readmit", { epoch: 2, at: at + 6 });
  await take();
  await keepAt(until);
  expect((await sessions()).every(({ ended }) => !ended)).toBe(true);
  await keepAt(until + 2 * MINUTE_MS);
  const byLease = new Map((await sessions()).map((session) => [session.lease, session]));
  expect(byLease.get(returning)).toMatchObject({ grantedAt: MIDNIGHT, ended: undefined });
  expect(byLease.get(returning)?.party.user).toBe("ada");
  expect(byLease.get(gone)?.ended).toEqual({ at, end: "LOST" });
  expect(byLease.get(stranger)).toMatchObject({ grantedAt: at + 6, ended: undefined });
  expect(ledger.told).toEqual([]);
});

test("who was thought lost and comes back late lives, and a late end counts", async () => {
  const [late, ended] = [
    await ledger.write(license, "grant"),
    await ledger.write(license, "grant"),
  ];
  await ledger.write(license, "recovered", { epoch: 2, at: MIDNIGHT + 1, until: MIDNIGHT + 2 });
  await take();
  await keepAt(MIDNIGHT + 5 * MINUTE_MS);
  expect((await sessions()).map((session) => session.ended?.end)).toEqual(["LOST", "LOST"]);
  await ledger.write(license, "readmit", { epoch: 2, lease: late });
  await ledger.write(license, "end", { epoch: 2, at: MIDNIGHT + 7, lease: ended });
  await take();
  const byLease = new Map((await sessions()).map((session) => [session.lease, session.ended]));
  expect(byLease.get(late)).toBeUndefined();
  expect(byLease.get(ended)).toEqual({ at: MIDNIGHT + 7, end: "RELEASED" });
});

test("retries within a minute are one attempt, later ones count", async () => {
  const lease = await ledger.write(license, "deny");
  await ledger.write(license, "deny", { lease, at: MIDNIGHT + 1 });
  expect(await left()).toBe(1);
  await ledger.client.del(keyOf(license, `d:${packed(lease)}`));
  const cause = "FEATURE_FULL";
  await ledger.write(license, "deny", { lease, at: MIDNIGHT + MINUTE_MS, cause, feature: "x" });
  await take();
  expect(await denials()).toMatchObject([
    {
      lease,
      attempts: 2,
      firstAt: MIDNIGHT,
      lastAt: MIDNIGHT + MINUTE_MS,
      cause,
      feature: "x",
      live: 3,
      outcome: "OPEN",
    },
  ]);
});

test("a denial that no script decided is recorded once the pool was set up", async () => {
  const id = leaseIdOf(license, packed(someUuid()));
  const party = {
    installation: INSTALLATION,
    user: "eve",
    host: "",
    process: "",
    applicationVersion: "",
    address: "",
  };
  const refused = {
    party,
    seats: 1,
    features: ["a", "b"],
    cause: "HOLDER_EXCLUDED",
    feature: "",
  } as const;
  expect(await ledger.stream.recordDenial(license, id, refused)).toBe(false);
  expect(await left()).toBe(0);
  await ledger.client.hset(keyOf(license, "m"), "epoch", 1);
  await ledger.knowOnly(license, someUuid());
  expect(await ledger.stream.recordDenial(license, id, refused)).toBe(true);
  await take();
  expect(await denials()).toMatchObject([{ ...refused, live: 1, waiting: 0 }]);
});

test("entries whose commit was not acknowledged come again and count once", async () => {
  const lease = await ledger.write(license, "grant");
  await ledger.write(license, "deny");
  const dying = { ...ledger.stream, forget: () => Promise.reject(new Error("killed")) };
  await expect(takeEntries({ ...ledger, stream: dying }, [license])).rejects.toThrow("killed");
  expect(await left()).toBe(2);
  await ledger.write(license, "end", { lease });
  await take();
  expect(await left()).toBe(0);
  expect(await denials()).toMatchObject([{ attempts: 1 }]);
  expect(await sessions()).toMatchObject([{ ended: { end: "RELEASED" } }]);
  expect(ledger.told).toEqual([]);
});

test("entries that were read and not committed come again", async () => {
  await ledger.write(license, "deny");
  const dying: typeof ledger.usage = {
    ...ledger.usage,
    open: (of, work) =>
      ledger.usage.open(of, async (open) => {
        await work(open);
        throw new Error("killed");
      }),
  };
  await expect(takeEntries({ ...ledger, usage: dying }, [license])).rejects.toThrow("killed");
  expect(await denials()).toEqual([]);
  await take();
  expect(await denials()).toMatchObject([{ attempts: 1 }]);
});

test("a ledger that somebody else has is left to it", async () => {
  await ledger.write(license, "grant");
  const other = (await ledger.license()).license;
  await ledger.write(other, "grant");
  const outcome = await ledger.usage.open([license], () => takeEntries(ledger, [license, other]));
  expect(outcome).toEqual([license]);
  expect(await ledger.stream.count([license, other])).toEqual([1, 0]);
});

test("ledgers that are taken over together are each as if alone", async () => {
  const counts = [0, 1, 4, 5, 6, 24, 130];
  const licenses = await Promise.all(counts.map(async () => (await ledger.license()).license));
  const lease = someUuid();
  for (const [index, of] of licenses.entries())
    for (let n = 0; n < counts[index]!; n++)
      await ledger.write(of, "grant", n === 0 ? { lease } : { at: MIDNIGHT + n });
  await ledger.write(licenses[2]!, "end", { lease, at: MIDNIGHT + 3 });
  await ledger.write(licenses[3]!, "deny");
  await ledger.write(licenses[4]!, "recovered", { epoch: 2, at: MIDNIGHT, until: MIDNIGHT });
  expect(await takeEntries(ledger, licenses)).toEqual([]);
  expect(await ledger.stream.count(licenses)).toEqual(counts.map(() => 0));
  const kept = await Promise.all(licenses.map((of) => ledger.reader.sessions(of, {}, EVERYTHING)));
  expect(kept.map((found) => found.length)).toEqual(counts);
  const ended = kept.map((found) => found.filter((session) => session.ended).length);
  expect(ended).toEqual([0, 0, 1, 0, 0, 0, 0]);
  const denied = licenses.map((of) => ledger.reader.denials(of, {}, EVERYTHING));
  expect((await Promise.all(denied)).map((found) => found.length)).toEqual([0, 0, 0, 1, 0, 0, 0]);
  expect(ledger.told).toEqual([]);
});

test("brokers that take entries over at a time count each of them once", async () => {
  const leases = Array.from({ length: 8 }, () => someUuid());
  const writing = new AbortController();
  const write = async () => {
    for (let round = 0; round < 200; round++) {
      const lease = leases[round % leases.length]!;
      await ledger.client.del(keyOf(license, `d:${packed(lease)}`));
      await ledger.write(license, "deny", { lease, at: MIDNIGHT + round });
    }
    writing.abort();
  };
  const broker = async () => {
    while (!writing.signal.aborted || (await left())! > 0) await take();
  };
  await Promise.all([write(), broker(), broker(), broker()]);
  const found = await denials();
  expect(found.map(({ attempts }) => attempts)).toEqual(leases.map(() => 25));
  expect(ledger.told).toEqual([]);
});

test("while Postgres is away entries wait, and are all there afterwards", async () => {
  await ledger.write(license, "grant");
  await take();
  ledger.way.cut();
  for (let i = 1; i <= 600; i++) await ledger.write(license, "grant", { at: MIDNIGHT + i });
  expect(await reasonOf(take())).toBe("DEPENDENCY_UNAVAILABLE");
  expect(await left()).toBe(600);
  ledger.way.mend();
  expect(await take()).toEqual([]);
  expect(await left()).toBe(0);
  const { rows } = await ledger.postgres.pool.query<{ count: bigint }>(
    "select count(*) from usage_session where license = $1",
    [license],
  );
  expect(rows[0]?.count).toBe(601n);
});

test("dropped entries are counted, and sessions that Redis forgot end", async () => {
  const [live, gone] = [await ledger.write(license, "grant"), await ledger.write(license, "grant")];
  await take();
  await ledger.knowOnly(license, live);
  await ledger.write(license, "end", { lease: gone });
  await ledger.write(license, "deny");
  await ledger.client.xtrim(keyOf(license, "e"), "MAXLEN", 0);
  await ledger.write(license, "deny");
  await take();
  expect(ledger.told).toEqual(["dropped 2"]);
  expect(await ledger.reader.state(license)).toMatchObject({ dropped: 2 });
  await keepAt(MIDNIGHT + MINUTE_MS);
  const byLease = new Map((await sessions()).map((session) => [session.lease, session.ended]));
  expect(byLease.get(live)).toBeUndefined();
  expect(byLease.get(gone)).toEqual({ at: MIDNIGHT + MINUTE_MS, end: "LOST" });
});

test("an entry that is dropped after it was read holds nothing up", async () => {
  await ledger.write(license, "deny");
  await ledger.stream.read([license], 10);
  await ledger.client.xtrim(keyOf(license, "e"), "MAXLEN", 0);
  await ledger.write(license, "deny");
  await take();
  expect(await denials()).toHaveLength(1);
  expect(ledger.told).toEqual(["unreadable", "dropped 1"]);
});

test.each([
  ["kind", "renamed", {}],
  ["reason", "end", { reason: "ASTRAY" }],
  ["facts", "grant", { facts: "{" }],
  ["installation", "grant", { by: "x" }],
  ["number", "grant", { seats: "-1" }],
])("an entry whose %s makes no sense is told of and passed over", async (_, kind, fields) => {
  await ledger.write(license, kind, fields);
  await ledger.write(license, "grant");
  await take();
  expect(await sessions()).toHaveLength(1);
  expect(ledger.told).toEqual(["unreadable", "dropped 1"]);
});

test("a license that nobody touched is found by its entries", async () => {
  await ledger.license();
  await ledger.write(license, "grant");
  const touched = touchedLicenses();
  const clock = manualClock();
  await sweepLedgers({ ...ledger, touched, clock, pause: () => Promise.resolve() });
  expect(touched.take()).toContain(license);
});

test("a license whose entries cannot be taken over is tried again and holds up no other", async () => {
  const other = (await ledger.license()).license;
  await ledger.write(license, "grant");
  await ledger.write(other, "grant");
  const touched = touchedLicenses();
  const faulty = { failures: 2 };
  const stream: typeof ledger.stream = {
    ...ledger.stream,
    count: (licenses) => Promise.resolve(licenses.map(() => 0)),
    read: (of, limit) => {
      if (of.includes(license) && faulty.failures-- > 0) throw new Error("astray");
      return ledger.stream.read(of, limit);
    },
  };
  touched.touch(license);
  touched.touch(other);
  const control = new AbortController();
  const rounds: (number | undefined)[] = [];
  await followLedger(
    {
      ...ledger,
      stream,
      touched,
      clock: manualClock(),
      pause: async () => {
        rounds.push((await ledger.stream.count([license, other])).reduce((sum, n) => sum + n));
        if (rounds.length === 2) control.abort();
      },
    },
    control.signal,
  );
  expect(rounds).toEqual([1, 0]);
  expect(ledger.told).toEqual(["not taken: Error: astray"]);
});
