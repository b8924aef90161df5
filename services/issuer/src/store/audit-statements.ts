import type { Uuid } from "@leasehold/kernel";
import { listStatement, statement } from "@leasehold/store-kit";
import type { AuditField } from "../domain/audit-list.ts";
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

export const listAuditEntries = listStatement<AuditRow, readonly [], AuditField>(
  sql("list_audit_entries"),
  {
    columns: {
      sequence: "sequence",
      time: "at",
      subject: "subject",
      method: "method",
      resource: "resource",
      request_id: "request_id",
    },
    key: "sequence",
  },
);
