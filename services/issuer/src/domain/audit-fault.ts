import type { AuditHead } from "@leasehold/license-format";

/** Something in the audit log that is not as it was made. */
export interface AuditFault {
  /** The number of the entry, 1 or more. */
  readonly sequence: bigint;
  /** What is wrong with it, to be read after its number. */
  readonly fault: string;
}

/** What is wrong at the end of a chain, if its head says something else than its last entry. */
export function endFault(last: AuditHead, head: AuditHead | undefined): AuditFault | undefined {
  const next = last.sequence + 1n;
  if (!head) return { sequence: next, fault: "may be missing: the chain has lost its head" };
  if (head.sequence > last.sequence) {
    return { sequence: next, fault: `is missing: the chain had come to entry ${head.sequence}` };
  }
  if (head.sequence < last.sequence) {
    const fault = `was put in: the chain had come to entry ${head.sequence}`;
    return { sequence: head.sequence + 1n, fault };
  }
  if (sameHash(last, head)) return undefined;
  return { sequence: last.sequence, fault: "was changed, and its hash with it" };
}

/** What is wrong with an entry that a checkpoint was signed for. */
export function rewritten({ sequence }: AuditHead): AuditFault {
  const fault =
    "is not what the checkpoint was signed for: it was changed, or one before it, and every hash since";
  return { sequence, fault };
}

/** What is wrong with a chain that ends before its checkpoint. */
export function uncovered(last: AuditHead, checkpoint: AuditHead): AuditFault | undefined {
  if (checkpoint.sequence <= last.sequence) return undefined;
  const fault = `is missing: the checkpoint covers ${checkpoint.sequence} entries`;
  return { sequence: last.sequence + 1n, fault };
}

export function sameHash(one: Pick<AuditHead, "hash">, other: Pick<AuditHead, "hash">): boolean {
  return Buffer.from(one.hash).equals(other.hash);
}
