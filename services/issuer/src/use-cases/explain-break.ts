import { follows } from "@leasehold/license-format";
import type { AuditEntry, AuditHead } from "@leasehold/license-format";
import { type AuditFault, sameHash } from "../domain/audit-fault.ts";
import type { AuditReads } from "./audit-ports.ts";

/** How many entries are held at a time. */
const PAGE_SIZE = 500;

/**
 * What happened where a chain breaks, from what comes behind: a change leaves the rest of the
 * chain in its place, an entry put in or taken out moves it by one, and an entry that was moved
 * still fits where it was made.
 * @param last the last entry that is as it was made
 * @param found the one that comes next, and does not follow it
 */
export async function explainBreak(
  store: AuditReads,
  last: AuditHead,
  found: AuditEntry,
  signal: AbortSignal,
): Promise<AuditFault> {
  const sequence = last.sequence + 1n;
  if (found.sequence > sequence) return { sequence, fault: "is missing" };
  if (found.sequence < sequence) return { sequence, fault: "has one before it that was put in" };
  const { head, entries } = await store.readAudit(sequence + 1n, 1);
  const [next] = entries;
  const goesOn = next ? follows(found, next) : head !== undefined && sameHash(head, found);
  if (goesOn) {
    const fault = "was changed, or the one before it was, and its hash with it";
    return { sequence, fault: sequence === 1n ? "was changed" : fault };
  }
  if (next && follows({ ...found, sequence: sequence + 1n }, renumbered(next, sequence + 2n))) {
    return { sequence, fault: "is missing, and those behind it were renumbered" };
  }
  const home = await findOriginal(store, last, signal);
  if (home === undefined) return { sequence, fault: "does not follow from the one before it" };
  const swapped = follows({ sequence, hash: home.hash }, renumbered(found, sequence + 1n));
  return home.sequence === sequence + 1n && !swapped
    ? { sequence, fault: "was put in" }
    : { sequence, fault: `is out of order: what belongs here is entry ${home.sequence}` };
}

/** The entry, of those further on, that was made to follow this one. */
async function findOriginal(
  store: AuditReads,
  last: AuditHead,
  signal: AbortSignal,
): Promise<AuditEntry | undefined> {
  const sequence = last.sequence + 1n;
  for (let from = sequence + 1n; ;) {
    signal.throwIfAborted();
    const { entries } = await store.readAudit(from, PAGE_SIZE);
    const found = entries.find((entry) => follows(last, renumbered(entry, sequence)));
    const end = entries.at(-1);
    if (found || !end || entries.length < PAGE_SIZE) return found;
    from = end.sequence + 1n;
  }
}

function renumbered(entry: AuditEntry, sequence: bigint): AuditEntry {
  return { ...entry, sequence };
}
