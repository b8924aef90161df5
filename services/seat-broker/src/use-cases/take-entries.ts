import type { Uuid } from "@leasehold/kernel";
import { foldEntries } from "../domain/ledger-batch.ts";
import type { LedgerStream, UsageEvents, UsageStore } from "./usage-ports.ts";

export interface TakeEntriesPorts {
  readonly stream: LedgerStream;
  readonly usage: UsageStore;
  readonly events: UsageEvents;
}

/** So few that neither Redis nor the event loop is kept from others for more than some milliseconds. */
const BATCH = 100;

/**
 * Takes a license's entries over into Postgres until none are left. Each counts once, whatever
 * fails: a batch and the place of its last entry are one commit, made by the only reader of that
 * license, and entries are forgotten after it. Who dies in between has them delivered to the next
 * one again, which passes over whatever is not behind that place.
 * @returns whether it is done; not if another broker has the license's ledger just now
 * @throws Problem DEPENDENCY_UNAVAILABLE; the entries stay where they are
 */
export async function takeEntries(ports: TakeEntriesPorts, license: Uuid): Promise<boolean> {
  for (;;) {
    const taken = await takeBatch(ports, license);
    if (!taken) return false;
    const { ids, dropped, unreadable } = taken;
    for (const entry of unreadable) ports.events.usageEntryUnreadable(license, entry);
    if (dropped > 0) ports.events.usageEntriesDropped(license, dropped);
    if (ids.length > 0) await ports.stream.forget(license, ids);
    if (ids.length < BATCH) return true;
  }
}

function takeBatch({ stream, usage }: TakeEntriesPorts, license: Uuid) {
  return usage.open(license, async (ledger) => {
    const delivered = await stream.read(license, BATCH);
    const entries = delivered.flatMap(({ entry }) => entry ?? []);
    const batch = foldEntries(entries, ledger.cursor);
    if (batch) await ledger.keep(batch);
    return {
      ids: delivered.map(({ id }) => id),
      dropped: batch?.dropped ?? 0,
      unreadable: delivered.filter(({ entry }) => !entry).map(({ id }) => id),
    };
  });
}
