import type { AuditEntry, AuditHead } from "@leasehold/license-format";

/** A row of the audit log. */
export interface AuditRow {
  readonly sequence: bigint;
  readonly at_us: bigint;
  readonly subject: string;
  readonly method: string;
  readonly resource: string;
  readonly why: string;
  readonly request_id: string;
  readonly request_sha256: Buffer;
  readonly hash: Buffer;
}

/** The head of the chain in a row; nulls if there is none. */
export type AuditHeadRow =
  | { readonly head_sequence: bigint; readonly head_hash: Buffer }
  | { readonly head_sequence: null; readonly head_hash: null };

/** The entry that a row holds. */
export function auditEntryFromRow(row: AuditRow): AuditEntry {
  return {
    sequence: row.sequence,
    timeUs: row.at_us,
    subject: row.subject,
    method: row.method,
    resource: row.resource,
    why: row.why,
    requestId: row.request_id,
    requestSha256: row.request_sha256,
    hash: row.hash,
  };
}

/** The head that a row holds. */
export function auditHeadFromRow(row: AuditHeadRow | undefined): AuditHead | undefined {
  if (!row || row.head_sequence === null) return undefined;
  return { sequence: row.head_sequence, hash: row.head_hash };
}
