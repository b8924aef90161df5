import { constraintOf } from "@leasehold/store-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postgresFeed } from "../src/store/postgres-feed.ts";
import { postgresTrust } from "../src/store/postgres-trust.ts";
import type { EntitlementFeed, FeedEntry } from "../src/use-cases/ports.ts";
import { type ActivationDatabase, activationDatabase } from "./activation-database.ts";
import { licenseFacts } from "./license-facts.ts";

const ALL = 10_000;

let database: ActivationDatabase;
let feed: EntitlementFeed;

beforeEach(async () => {
  database = await activationDatabase();
  feed = postgresFeed(database.postgres, database.watches);
});
afterEach(() => database[Symbol.asyncDispose]());

test("a license comes out as it went in", async () => {
  const facts = licenseFacts(1, 4n, { state: "SUSPENDED" });
  expect(await feed.apply({ feedRevision: 9n, license: facts })).toBe(true);
  expect(await feed.read(0n, ALL)).toEqual({
    head: 1n,
    entries: [
      { feedRevision: 1n, entitlement: facts, barred: { revision: 0n, installations: [] } },
    ],
  });
  expect(await feed.issuerCursor()).toBe(9n);
});

test("an empty feed stands at 0", async () => {
  expect(await feed.read(0n, ALL)).toEqual({ head: 0n, entries: [] });
});

test("only a newer revision changes anything, and only a change advances the feed", async () => {
  await feed.apply({ feedRevision: 1n, license: licenseFacts(1, 2n) });
  expect(await feed.apply({ feedRevision: 2n, license: licenseFacts(1, 2n) })).toBe(false);
  expect(await feed.apply({ feedRevision: 3n, license: licenseFacts(1, 1n) })).toBe(false);
  expect(await feed.apply({ feedRevision: 4n, license: undefined })).toBe(false);
  expect(await feed.read(0n, ALL)).toMatchObject({ head: 1n });
  expect(await feed.apply({ feedRevision: 5n, license: licenseFacts(1, 3n) })).toBe(true);
  expect(await feed.read(1n, ALL)).toMatchObject({
    head: 2n,
    entries: [{ feedRevision: 2n, entitlement: { revision: 3n } }],
  });
  expect(await feed.issuerCursor()).toBe(5n);
});

test("what another revision of the product tells is a change, the license as it was", async () => {
  const told = (revision: bigint, productRevision: bigint, policy: number) =>
    licenseFacts(1, revision, {
      productFacts: { revision: productRevision, versionPolicy: Buffer.of(policy) },
    });
  const kept = async () => (await feed.read(0n, ALL)).entries[0]?.entitlement;
  await feed.apply({ feedRevision: 1n, license: told(2n, 3n, 30) });
  expect(await kept()).toEqual(told(2n, 3n, 30));
  expect(await feed.apply({ feedRevision: 2n, license: told(2n, 3n, 31) })).toBe(false);
  expect(await feed.apply({ feedRevision: 3n, license: told(2n, 2n, 20) })).toBe(false);
  expect(await feed.apply({ feedRevision: 4n, license: told(2n, 4n, 40) })).toBe(true);
  expect(await kept()).toEqual(told(2n, 4n, 40));
  // A newer license does not bring back what the product told before.
  expect(await feed.apply({ feedRevision: 5n, license: told(3n, 2n, 20) })).toBe(true);
  expect(await kept()).toEqual(told(3n, 4n, 40));
  expect(await feed.apply({ feedRevision: 6n, license: told(1n, 9n, 90) })).toBe(false);
});

test("a license that breaks an invariant leaves the feed and the cursor as they were", async () => {
  await feed.apply({ feedRevision: 1n, license: licenseFacts(1, 1n) });
  const { terms } = licenseFacts(2, 1n);
  const empty = licenseFacts(2, 1n, { terms: { ...terms, seats: 0 } });
  const refused = await feed.apply({ feedRevision: 2n, license: empty }).catch((e: unknown) => e);
  expect(constraintOf(refused)).toEqual({ kind: "check", constraint: "entitlement_seats_check" });
  expect(await feed.read(0n, ALL)).toMatchObject({ head: 1n });
  expect(await feed.issuerCursor()).toBe(1n);
});

test("pages are bounded, and together they are the feed", async () => {
  for (let license = 1; license <= 7; license++)
    await feed.apply({ feedRevision: BigInt(license), license: licenseFacts(license, 1n) });
  const entries: FeedEntry[] = [];
  for (;;) {
    const page = await feed.read(entries.at(-1)?.feedRevision ?? 0n, 3);
    expect(page.head).toBe(7n);
    expect(page.entries.length).toBeLessThanOrEqual(3);
    entries.push(...page.entries);
    if (page.entries.length === 0) break;
  }
  expect(entries.map(({ feedRevision }) => feedRevision)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n]);
});

test("a reader that goes by feed revisions misses nothing while writers race", async () => {
  const licenses = 8;
  const rounds = 10;
  const writers = Array.from({ length: licenses }, async (_, license) => {
    for (let revision = 1n; revision <= rounds; revision++)
      await feed.apply({ feedRevision: revision, license: licenseFacts(license, revision) });
  });
  let written = false;
  const all = Promise.all(writers).finally(() => {
    written = true;
  });
  const seen = new Map<string, bigint>();
  let position = 0n;
  for (let last = false; !last;) {
    last = written;
    const page = await feed.read(position, ALL);
    for (const { feedRevision, entitlement } of page.entries) {
      expect(feedRevision).toBeGreaterThan(position);
      position = feedRevision;
      seen.set(entitlement.license, entitlement.revision);
    }
    expect(page.head).toBe(position);
  }
  await all;
  expect(position).toBe(BigInt(licenses * rounds));
  expect([...seen.values()]).toEqual(Array.from({ length: licenses }, () => BigInt(rounds)));
});

test("a watcher wakes upon a change and upon a newer trust bundle", async () => {
  using news = feed.watch();
  const { signal } = new AbortController();
  await news.next(signal); // the listener is connected
  await feed.apply({ feedRevision: 1n, license: licenseFacts(1, 1n) });
  await expect(news.next(signal)).resolves.toBeUndefined();
  await postgresTrust(database.postgres).keep({ version: 1, token: "trust" });
  await expect(news.next(signal)).resolves.toBeUndefined();
});

test("the newest trust bundle is kept, whatever order they come in", async () => {
  const trust = postgresTrust(database.postgres);
  expect(await trust.find()).toBeUndefined();
  await trust.keep({ version: 2, token: "second" });
  await trust.keep({ version: 1, token: "first" });
  expect(await trust.find()).toEqual({ version: 2, token: "second" });
});
