import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postgresFeed } from "../src/store/postgres-feed.ts";
import { postgresResources } from "../src/store/postgres-resources.ts";
import type { EntitlementFeed, FeedEntry } from "../src/use-cases/ports.ts";
import { importResources } from "../src/use-cases/register-resources.ts";
import { type ActivationDatabase, activationDatabase } from "./activation-database.ts";
import { licenseFacts } from "./license-facts.ts";

const MANY = 10_000;
const A_CALL = 1_000;
const PAGE = 200;
const CUSTOMER = "customers/acme";

let database: ActivationDatabase;
let feed: EntitlementFeed;

beforeEach(async () => {
  database = await activationDatabase();
  feed = postgresFeed(database.postgres, database.watches);
  await feed.apply({
    feedRevision: 1n,
    license: licenseFacts(1, 1n),
    customer: { name: CUSTOMER, revision: 1n },
  });
});
afterEach(() => database[Symbol.asyncDispose]());

async function register(from: number): Promise<void> {
  const facts = Array.from({ length: A_CALL }, (_, index) => ({
    externalId: `db-${from + index}`,
    displayName: `Database ${from + index}`,
    kind: "database",
  }));
  const mutation = {
    requestId: newUuid(systemClock, systemRandom),
    method: "ImportResources",
    body: new Uint8Array(),
    validateOnly: false,
  };
  const process = { clock: systemClock, random: systemRandom };
  await postgresResources(database.postgres).once(mutation, async (writes) => {
    await importResources(process, writes, CUSTOMER, facts);
    return new Uint8Array();
  });
}

/** Page by page, as a watcher reads it. */
async function readAll(after: bigint): Promise<readonly FeedEntry[]> {
  const entries: FeedEntry[] = [];
  for (;;) {
    const page = await feed.read(entries.at(-1)?.feedRevision ?? after, PAGE);
    entries.push(...page.entries);
    if (page.entries.length < PAGE) return entries;
  }
}

test("a change of a license with 10,000 resources is one step, and each is told once, in order", async () => {
  for (let from = 0; from < MANY; from += A_CALL) await register(from);
  // As if each had been bound by a call of its own.
  await database.postgres.query({
    text: `with numbered as (select id, row_number() over () + 1 as place from resource)
      update resource set license = $1, pool_license = $1, pool_revision = 1, feed_revision = place
      from numbered where numbered.id = resource.id`,
    values: ["customers/acme/licenses/1"],
  });
  const head = BigInt(MANY + 1);
  await database.postgres.query({ text: "update feed set revision = $1", values: [head] });
  const license = licenseFacts(1, 2n, { state: "SUSPENDED" });
  expect(await feed.apply({ feedRevision: 2n, license })).toBe(true);
  const entries = await readAll(head);
  expect(entries.map(({ feedRevision }) => feedRevision)).toEqual(
    Array.from({ length: MANY + 1 }, (_, index) => head + 1n + BigInt(index)),
  );
  expect(entries[0]?.entitlement).toEqual(license);
  const resources = entries.slice(1).map(({ entitlement }) => entitlement);
  expect(new Set(resources.map(({ resource }) => resource)).size).toBe(MANY);
  expect(resources.every(({ state, revision }) => state === "SUSPENDED" && revision > 1n)).toBe(
    true,
  );
  expect((await feed.read(0n, 1)).head).toBe(head + BigInt(MANY + 1));
}, 60_000);
