import {
  type ChannelWatches,
  type Executor,
  first,
  one,
  type Postgres,
  run,
  transaction,
} from "@leasehold/store-kit";
import type { LicenseFacts } from "../domain/license-facts.ts";
import type { EntitlementFeed, FeedEntry, FeedPage } from "../use-cases/ports.ts";
import { entitlementOf, entitlementParameters } from "./entitlement-rows.ts";
import { keepCustomer } from "./postgres-resources.ts";
import { touchResources } from "./resource-statements.ts";
import {
  advanceFeed,
  type FeedRow,
  findIssuerCursor,
  lockFeed,
  readFeed,
  upsertEntitlement,
} from "./statements.ts";

/** The channel that tells of changes of the feed and of the trust bundle. */
export const FEED_CHANNEL = "activation_feed";

/** The feed of entitlements in Postgres. */
export function postgresFeed(postgres: Postgres, watches: ChannelWatches): EntitlementFeed {
  return {
    read: async (after, limit) => feedPage(await run(postgres, readFeed, [after, limit])),
    apply: ({ license, customer, feedRevision }) =>
      transaction(postgres, async (tx) => {
        const { revision } = await one(tx, lockFeed, []);
        const head = license && (await applyLicense(tx, license, revision + 1n));
        if (customer) await keepCustomer(tx, customer);
        await one(tx, advanceFeed, [head ?? revision, feedRevision]);
        return head !== undefined;
      }),
    issuerCursor: async () => (await one(postgres, findIssuerCursor, [])).issuer_cursor,
    watch: () => watches.watch(),
  };
}

/** @returns where the feed then stands; `undefined` if nothing changed */
async function applyLicense(
  tx: Executor,
  license: LicenseFacts,
  place: bigint,
): Promise<bigint | undefined> {
  const changed = await first(tx, upsertEntitlement, entitlementParameters(license, place));
  if (changed === undefined) return undefined;
  const { touched } = await one(tx, touchResources, [license.license, place]);
  return place + touched;
}

function feedPage(rows: readonly FeedRow[]): FeedPage {
  const [{ head } = { head: 0n }] = rows;
  return { head, entries: rows.flatMap((row) => entriesOf(row)) };
}

function entriesOf(row: FeedRow): readonly FeedEntry[] {
  if (row.license === null) return [];
  const { feed_revision: feedRevision, naming_revision: revision, named_users: users } = row;
  const barred = { revision: row.barred_revision, installations: row.barred };
  const named = revision === null || users === null ? {} : { namedUsers: { revision, users } };
  return [{ feedRevision, entitlement: entitlementOf(row), barred, ...named }];
}
