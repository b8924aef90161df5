import type { ListQuery, Page } from "@leasehold/list-query";
import type { AuditEntry, AuditHead } from "@leasehold/license-format";
import type { AuditField } from "../domain/audit-list.ts";

/** Part of the audit log, all of one instant. */
export interface AuditPage {
  /** What the chain had come to at that instant; absent only if somebody took it away. */
  readonly head: AuditHead | undefined;
  /** In the order of their numbers. */
  readonly entries: readonly AuditEntry[];
}

/** What is read of the audit log. What appends to it is the store, with every mutation. */
export interface AuditReads {
  /** The entries from a number on; at most `limit`. */
  readAudit(from: bigint, limit: number): Promise<AuditPage>;
  listAuditEntries(query: ListQuery<AuditField>): Promise<Page<AuditEntry>>;
}
