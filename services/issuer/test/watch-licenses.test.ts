import type { issuer } from "@leasehold/contracts";
import { systemRandom } from "@leasehold/kernel";
import { run, statement, transaction } from "@leasehold/store-kit";
import { beforeEach, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  issueLicense,
  requestId,
  startIssuer,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerClient, IssuerUnderTest } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusal, refusedFields } from "./refusal.ts";

let database: MigratedPostgres;
let under: IssuerUnderTest;
let parent: string;

beforeEach(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url);
  parent = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
  return async () => {
    await under[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  };
});

/** What comes of the product and the customer has tests of its own. */
type Step = Omit<issuer.WatchLicensesResponse, "productFacts" | "customer">;

function watch(after: bigint, issuerClient: IssuerClient = under.activation) {
  const over = new AbortController();
  const steps = issuerClient.watchLicenses({ afterFeedRevision: after }, { signal: over.signal });
  const iterator = steps[Symbol.asyncIterator]();
  return {
    async next(): Promise<Step> {
      const { value, done } = (await iterator.next()) as IteratorResult<Step, undefined>;
      if (done === true || value === undefined) throw new Error("the stream ended");
      return { feedRevision: value.feedRevision, license: value.license };
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await iterator.return?.(undefined);
    },
  };
}

function amend(name: string, seats: number) {
  const terms = wireTerms({ seats });
  const request = {
    requestId: requestId(),
    name,
    expectedRevision: 0n,
    terms,
    updateMask: ["seats"],
  };
  return under.admin.amendLicense(request);
}

test("a watcher gets every license as it is now, then a position, then every change", async () => {
  const one = await issueLicense(under.admin, parent);
  const two = await issueLicense(under.admin, parent);
  const { license: changed } = await amend(one.name, 9);
  await using steps = watch(0n);
  expect(await steps.next()).toEqual({ feedRevision: 2n, license: two });
  expect(await steps.next()).toEqual({ feedRevision: 3n, license: changed });
  expect(await steps.next()).toEqual({ feedRevision: 3n, license: undefined });
  const three = await issueLicense(under.admin, parent);
  expect(await steps.next()).toEqual({ feedRevision: 4n, license: three });
  const revocation = { requestId: requestId(), name: two.name, expectedRevision: 0n };
  const { license: revoked } = await under.admin.revokeLicense(revocation);
  expect(await steps.next()).toEqual({ feedRevision: 5n, license: revoked });
});

test("a watcher of an empty feed, and one that has everything, is told so at once", async () => {
  await using empty = watch(0n);
  expect(await empty.next()).toEqual({ feedRevision: 0n, license: undefined });
  await issueLicense(under.admin, parent);
  await using full = watch(1n);
  expect(await full.next()).toEqual({ feedRevision: 1n, license: undefined });
});

test("a watcher resumes after a restart of the issuer with what changed meanwhile", async () => {
  const one = await issueLicense(under.admin, parent);
  const before = watch(0n);
  expect(await before.next()).toMatchObject({ feedRevision: 1n });
  expect(await before.next()).toMatchObject({ license: undefined });
  const broken = refusal(before.next());
  await under[Symbol.asyncDispose]();
  expect((await broken).reason).toBe("DRAINING");
  under = await startIssuer(database.url);
  const { license } = await amend(one.name, 8);
  await using after = watch(1n);
  expect(await after.next()).toEqual({ feedRevision: 2n, license });
  expect(await after.next()).toEqual({ feedRevision: 2n, license: undefined });
});

test("a change made by way of one issuer reaches the watchers of another", async () => {
  await using other = await startIssuer(database.url);
  await using steps = watch(0n, other.activation);
  expect(await steps.next()).toEqual({ feedRevision: 0n, license: undefined });
  const license = await issueLicense(under.admin, parent);
  expect(await steps.next()).toEqual({ feedRevision: 1n, license });
});

test("a watcher whose issuer's listening connection is cut gets changes still", async () => {
  await using steps = watch(0n);
  await steps.next();
  const cut =
    "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%license_feed%'";
  expect(await database.postgres.query({ text: cut })).toHaveLength(1);
  const license = await issueLicense(under.admin, parent);
  expect(await steps.next()).toEqual({ feedRevision: 1n, license });
});

test("a point that is none is refused", async () => {
  await using negative = watch(-1n);
  expect(await refusedFields(negative.next())).toEqual(["after_feed_revision"]);
});

test("a watcher of a database that was restored since gets everything", async () => {
  const license = await issueLicense(under.admin, parent);
  await using ahead = watch(1_000n);
  expect(await ahead.next()).toEqual({ feedRevision: 1n, license });
});

test("a feed of several pages comes whole and in order", async () => {
  const count = 430;
  for (let done = 0; done < count; done += 43) {
    await Promise.all(Array.from({ length: 43 }, () => issueLicense(under.admin, parent)));
  }
  await using steps = watch(0n);
  for (let revision = 1n; revision <= BigInt(count); revision++) {
    expect((await steps.next()).feedRevision).toBe(revision);
  }
  expect(await steps.next()).toEqual({ feedRevision: BigInt(count), license: undefined });
});

/** Follows the feed until it has seen so many licenses at a revision, over a connection that breaks every few steps. */
async function follow(count: number, revision: bigint, patience: () => number): Promise<void> {
  const seen = new Map<string, bigint>();
  const complete = () => seen.size === count && seen.values().every((last) => last === revision);
  let position = 0n;
  while (!complete()) {
    await using steps = watch(position);
    for (let left = patience(); left > 0 && !complete(); left--) {
      const { feedRevision, license } = await steps.next();
      expect(feedRevision).toBeGreaterThanOrEqual(position);
      position = feedRevision;
      if (!license) continue;
      expect(license.revision).toBeGreaterThan(seen.get(license.name) ?? 0n);
      seen.set(license.name, license.revision);
    }
  }
}

test("watchers that come and go while licenses change see each license's last revision", async () => {
  const licenses = await Promise.all(
    Array.from({ length: 6 }, () => issueLicense(under.admin, parent)),
  );
  const steady = follow(6, 9n, () => Infinity);
  const fickle = [1, 2, 3].map(() => follow(6, 9n, () => 1 + (systemRandom(1)[0]! % 7)));
  await Promise.all(
    licenses.flatMap(({ name }, index) =>
      Array.from({ length: 8 }, (_, change) => amend(name, 1 + index + change)),
    ),
  );
  await Promise.all([steady, ...fickle]);
  await using late = watch(6n + 48n);
  expect(await late.next()).toEqual({ feedRevision: 6n + 48n, license: undefined });
});

test("a change that is committed later stands later, however long an earlier one takes", async () => {
  const one = await issueLicense(under.admin, parent);
  const two = await issueLicense(under.admin, parent);
  const advance = statement<object, readonly [string]>(
    new URL("../sql/advance_feed.sql", import.meta.url),
  );
  const waiting = { text: "select 1 from pg_stat_activity where wait_event_type = 'Lock'" };
  let amendment: Promise<unknown> = Promise.resolve();
  await transaction(database.postgres, async (slow) => {
    await run(slow, advance, [one.name.split("/")[3]!]);
    amendment = amend(two.name, 5);
    await expect.poll(() => database.postgres.query(waiting)).toHaveLength(1);
    await using meanwhile = watch(2n);
    expect(await meanwhile.next()).toEqual({ feedRevision: 2n, license: undefined });
  });
  await amendment;
  await using steps = watch(2n);
  expect(await steps.next()).toMatchObject({ feedRevision: 3n, license: { name: one.name } });
  expect(await steps.next()).toMatchObject({ feedRevision: 4n, license: { name: two.name } });
});
