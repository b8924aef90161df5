import type { Uuid } from "@leasehold/kernel";
import { statement } from "@leasehold/store-kit";
import type { AuditHeadRow, AuditRow } from "./audit-rows.ts";
import { sql } from "./sql.ts";

export const appendAuditEntry = statement<
  never,
  readonly [
    at: Date,
    subject: string,
    method: string,
    resource: string,
    why: string,
    requestId: Uuid,
    requestSha256: Buffer,
  ]
>(sql("append_audit_entry"));

export const readAudit = statement<
  AuditHeadRow & (AuditRow | { readonly sequence: null }),
  readonly [from: bigint, limit: number]
>(sql("read_audit"));
