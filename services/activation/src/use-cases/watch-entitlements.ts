import type { LicenseFacts } from "../domain/license-facts.ts";
import type { BarredList, EntitlementFeed, TrustStore } from "./ports.ts";

/** One step of the feed as a watcher gets it. */
export type WatchStep =
  | { readonly kind: "trust"; readonly feedRevision: bigint; readonly token: string }
  | {
      readonly kind: "entitlement";
      readonly feedRevision: bigint;
      readonly entitlement: LicenseFacts;
      readonly barred: BarredList;
    }
  | { readonly kind: "position"; readonly feedRevision: bigint };

/** What watching needs. */
export interface WatchPorts {
  readonly feed: Pick<EntitlementFeed, "read" | "watch">;
  readonly trust: Pick<TrustStore, "find">;
}

/** How many entitlements are in memory at a time for one watcher. */
const PAGE = 200;

/**
 * The trust bundle, every entitlement that changed after a point of the feed, where the feed
 * stands; then whatever changes, until the signal aborts. Goes no faster than it is read.
 * @param afterFeedRevision a point ahead of the feed is of a database that was restored from
 *   an older copy since: such a watcher gets everything
 */
export async function* watchEntitlements(
  { feed, trust }: WatchPorts,
  afterFeedRevision: bigint,
  signal: AbortSignal,
): AsyncGenerator<WatchStep> {
  using news = feed.watch();
  const { head } = await feed.read(afterFeedRevision, 1);
  let position = afterFeedRevision > head ? 0n : afterFeedRevision;
  let toldPosition: bigint | undefined;
  let trustVersion = 0;
  while (!signal.aborted) {
    const known = await trust.find();
    if (known !== undefined && known.version > trustVersion) {
      trustVersion = known.version;
      yield { kind: "trust", feedRevision: position, token: known.token };
    }
    // Nothing comes before the first trust bundle, which a watcher needs to verify anyone.
    const page = trustVersion === 0 ? undefined : await feed.read(position, PAGE);
    for (const entry of page?.entries ?? []) {
      position = entry.feedRevision;
      yield { kind: "entitlement", ...entry };
    }
    if (page?.entries.length === PAGE) continue;
    if (page !== undefined && toldPosition !== page.head) {
      position = page.head;
      toldPosition = position;
      yield { kind: "position", feedRevision: position };
    }
    await news.next(signal);
  }
}
