import { CHAIN_START, follows, verifyAuditCheckpoint } from "@leasehold/license-format";
import type { AuditEntry, AuditHead } from "@leasehold/license-format";
import { endFault, rewritten, sameHash, uncovered } from "../domain/audit-fault.ts";
import type { AuditFault } from "../domain/audit-fault.ts";
import { checkpointRefused } from "../domain/audit-problems.ts";
import type { AuditReads } from "./audit-ports.ts";
import { explainBreak } from "./explain-break.ts";
import type { KeyRing } from "./key-ring.ts";

/** What came of going through the chain so far. */
export interface AuditVerdict {
  /** How many entries were looked at. */
  readonly entries: bigint;
  /** The first fault; absent if there is none. */
  readonly first: AuditFault | undefined;
}

/** What verifying works with. */
interface VerifyAuditPorts {
  readonly store: AuditReads;
  readonly keyRing: Pick<KeyRing, "deployment" | "trustedKeys">;
}

/** How many entries are held at a time. */
const PAGE_SIZE = 500;
/** The smallest number that the store can tell: nothing may hide before the first entry. */
const BEFORE_ALL = -(2n ** 63n);

/**
 * Goes through the whole chain and ends at the first fault. Tells after each page how far it has
 * come; the last verdict is the one. Entries that are appended meanwhile are looked at as well.
 * @param token a checkpoint that was kept: the chain must still lead there; absent without one
 * @throws Problem `INVALID_REQUEST` if the checkpoint is none of this deployment
 */
export async function* verifyAudit(
  { store, keyRing }: VerifyAuditPorts,
  token: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<AuditVerdict, void, undefined> {
  const checkpoint = token === undefined ? CHAIN_START : await readCheckpoint(keyRing, token);
  let last = CHAIN_START;
  let entries = 0n;
  for (let from = BEFORE_ALL; ; from = last.sequence + 1n) {
    signal.throwIfAborted();
    const page = await store.readAudit(from, PAGE_SIZE);
    for (const entry of page.entries) {
      entries += 1n;
      const first = follows(last, entry)
        ? coveredFault(entry, checkpoint)
        : await explainBreak(store, last, entry, signal);
      if (first) return yield { entries, first };
      last = entry;
    }
    // A page that is not full ends with the last entry of the instant that its head is of.
    if (page.entries.length < PAGE_SIZE) {
      return yield { entries, first: endFault(last, page.head) ?? uncovered(last, checkpoint) };
    }
    yield { entries, first: undefined };
  }
}

function coveredFault(entry: AuditEntry, checkpoint: AuditHead): AuditFault | undefined {
  if (entry.sequence !== checkpoint.sequence || sameHash(entry, checkpoint)) return undefined;
  return rewritten(checkpoint);
}

async function readCheckpoint(
  { deployment, trustedKeys: keys }: VerifyAuditPorts["keyRing"],
  token: string,
): Promise<AuditHead> {
  const verified = await verifyAuditCheckpoint(token, { deployment, keys });
  if (verified.kind === "refused") throw checkpointRefused(verified.fault);
  const { sequence, hash } = verified.claims;
  return { sequence: BigInt(sequence), hash };
}
