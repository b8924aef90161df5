import { type Executor, first, one, run, statement } from "@leasehold/store-kit";
import type { FeedStore } from "../use-cases/feed-ports.ts";

const sql = (file: string) => new URL(`../../sql/${file}`, import.meta.url);

const readPosition = statement<{ readonly position: bigint }>(sql("read_position.sql"));
const advancePosition = statement<never, readonly [position: bigint]>(sql("advance_position.sql"));
const readTrust = statement<{ readonly bundle: string }>(sql("read_trust.sql"));
const keepTrust = statement<never, readonly [version: number, bundle: string]>(
  sql("keep_trust.sql"),
);

/** How far activation's feed was followed, in Postgres. */
export function postgresFeed(executor: Executor): FeedStore {
  return {
    position: async () => (await one(executor, readPosition, [])).position,
    advance: async (position) => {
      await run(executor, advancePosition, [position]);
    },
    trustBundle: async () => (await first(executor, readTrust, []))?.bundle,
    keepTrustBundle: async (version, bundle) => {
      await run(executor, keepTrust, [version, bundle]);
    },
  };
}
