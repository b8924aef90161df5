import { createHash } from "node:crypto";

/** One act that changed something, as the audit log keeps it. */
export interface AuditEntry {
  /** 1, 2, 3 and so on. */
  readonly sequence: bigint;
  /** Microseconds since 1970: all that the store could have changed, though the log has milliseconds. */
  readonly timeUs: bigint;
  readonly subject: string;
  readonly method: string;
  readonly resource: string;
  readonly why: string;
  readonly requestId: string;
  /** 32 bytes. */
  readonly requestSha256: Uint8Array;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** How far a chain goes. */
export interface AuditHead {
  /** The last entry; 0 before the first. */
  readonly sequence: bigint;
  /** The hash of that entry; zeros before the first. */
  readonly hash: Uint8Array;
}

/** What the first entry follows. */
export const CHAIN_START: AuditHead = { sequence: 0n, hash: new Uint8Array(32) };

/** What stands in front of everything that is hashed: which encoding it is. */
const ENCODING = new Uint8Array([0]);

/**
 * SHA-256 over an entry and the hash of the one before. Numbers are 8 bytes, big-endian and
 * signed; a text is preceded by its length in bytes, in 4. The store computes the same on its own.
 */
export function auditHash(previous: Uint8Array, entry: Omit<AuditEntry, "hash">): Uint8Array {
  const hash = createHash("sha256").update(ENCODING).update(previous);
  hash.update(int64(entry.sequence)).update(int64(entry.timeUs));
  const { subject, method, resource, why, requestId } = entry;
  for (const text of [subject, method, resource, why, requestId]) {
    const bytes = Buffer.from(text, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.update(entry.requestSha256).digest();
}

/** Whether an entry is the next one of a chain, as it was made. */
export function follows(head: AuditHead, entry: AuditEntry): boolean {
  return (
    entry.sequence === head.sequence + 1n &&
    Buffer.from(auditHash(head.hash, entry)).equals(entry.hash)
  );
}

function int64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
