import type { FeedEntry, FeedWatch, LicenseReads } from "./license-ports.ts";

/** One step of the feed; `position` tells that the watcher has everything up to there. */
export type FeedStep =
  | ({ readonly kind: "license" } & FeedEntry)
  | { readonly kind: "position"; readonly feedRevision: bigint };

/** What watching works with. */
export interface WatchPorts {
  readonly store: Pick<LicenseReads, "readFeed">;
  readonly watchFeed: () => FeedWatch;
}

/** How many licenses are read, and held, at a time. */
const PAGE_SIZE = 200;

/**
 * Every license that changed after a point of the feed, then a position, then every change
 * as it is committed. Reads no further than its consumer takes. A license that changed
 * several times between two reads comes once.
 * @param after a point ahead of the feed is of a database that was restored from an older
 *   copy since: such a watcher gets everything
 */
export async function* watchLicenses(
  { store, watchFeed }: WatchPorts,
  after: bigint,
  signal: AbortSignal,
): AsyncGenerator<FeedStep, void, undefined> {
  using watch = watchFeed(); // before the first read: no change falls between the two
  let position = after;
  let caughtUp = false;
  while (!signal.aborted) {
    const page = await store.readFeed(position, PAGE_SIZE);
    if (page.head < position) {
      position = 0n;
      continue;
    }
    for (const entry of page.entries) yield { kind: "license", ...entry };
    // The last page ends at the head: both were read at one instant.
    const last = page.entries.length === PAGE_SIZE ? page.entries.at(-1) : undefined;
    position = last?.feedRevision ?? page.head;
    if (last) continue;
    if (!caughtUp) yield { kind: "position", feedRevision: position };
    caughtUp = true;
    await watch.next(signal);
  }
}
