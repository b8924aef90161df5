import type { Uuid } from "@leasehold/kernel";
import { foldEntries, type LedgerBatch } from "../domain/ledger-batch.ts";
import type { LedgerStream, UsageEvents, UsageStore } from "./usage-ports.ts";

export interface TakeEntriesPorts {
  readonly stream: LedgerStream;
  readonly usage: UsageStore;
  readonly events: UsageEvents;
}

/** So few that neither Redis nor the event loop is kept from others for more than some milliseconds. */
const BATCH = 100;

/** What was taken over of one license. */
interface TakenEntries {
  readonly license: Uuid;
  /** Of all that were delivered. */
  readonly ids: readonly string[];
  readonly dropped: number;
  readonly unreadable: readonly string[];
}

/**
 * Takes entries of licenses over into Postgres until none are left, a batch of all of them at a time. Each
 * counts once, whatever fails: a batch and the places of its last entries are one commit, made by the only
 * reader of those licenses, and entries are forgotten after it. Who dies in between has them delivered to the
 * next one again, which passes over whatever is not behind those places.
 * @returns licenses that are not done: another broker has their ledgers just now
 * @throws Problem DEPENDENCY_UNAVAILABLE; the entries stay where they are
 */
export async function takeEntries(
  ports: TakeEntriesPorts,
  licenses: readonly Uuid[],
): Promise<readonly Uuid[]> {
  const elsewhere: Uuid[] = [];
  let left = licenses;
  while (left.length > 0) {
    const limit = Math.ceil(BATCH / left.length);
    const taken = await takeBatch(ports, left, limit);
    const own = new Set(taken.map(({ license }) => license));
    elsewhere.push(...left.filter((license) => !own.has(license)));
    tell(ports.events, taken);
    const read = taken.filter(({ ids }) => ids.length > 0);
    if (read.length > 0) await ports.stream.forget(read);
    left = read.filter(({ ids }) => ids.length === limit).map(({ license }) => license);
  }
  return elsewhere;
}

function takeBatch(
  { stream, usage }: TakeEntriesPorts,
  licenses: readonly Uuid[],
  limit: number,
): Promise<readonly TakenEntries[]> {
  return usage.open(licenses, async (ledgers) => {
    const delivered = await stream.read([...ledgers.cursors.keys()], limit);
    const batches = new Map<Uuid, LedgerBatch>();
    const taken = [...ledgers.cursors].map(([license, cursor], index) => {
      const read = delivered[index] ?? [];
      const entries = read.flatMap(({ entry }) => entry ?? []);
      const batch = foldEntries(entries, cursor);
      if (batch) batches.set(license, batch);
      return {
        license,
        ids: read.map(({ id }) => id),
        dropped: batch?.dropped ?? 0,
        unreadable: read.filter(({ entry }) => !entry).map(({ id }) => id),
      };
    });
    if (batches.size > 0) await ledgers.keep(batches);
    return taken;
  });
}

function tell(events: UsageEvents, taken: readonly TakenEntries[]): void {
  for (const { license, dropped, unreadable } of taken) {
    for (const entry of unreadable) events.usageEntryUnreadable(license, entry);
    if (dropped > 0) events.usageEntriesDropped(license, dropped);
  }
}
