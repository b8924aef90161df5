import {
  type ChannelWatches,
  first,
  one,
  type Postgres,
  run,
  transaction,
} from "@leasehold/store-kit";
import type { EntitlementFeed, FeedEntry, FeedPage } from "../use-cases/ports.ts";
import { entitlementOf, entitlementParameters } from "./entitlement-rows.ts";
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
    apply: ({ license, feedRevision }) =>
      transaction(postgres, async (tx) => {
        const { revision } = await one(tx, lockFeed, []);
        const changed =
          license === undefined
            ? undefined
            : await first(tx, upsertEntitlement, entitlementParameters(license, revision + 1n));
        await one(tx, advanceFeed, [changed?.feed_revision ?? revision, feedRevision]);
        return changed !== undefined;
      }),
    issuerCursor: async () => (await one(postgres, findIssuerCursor, [])).issuer_cursor,
    watch: () => watches.watch(),
  };
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
