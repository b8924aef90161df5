import { createHash } from "node:crypto";
import { listRows, run } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { AuditReads } from "../use-cases/audit-ports.ts";
import type { Mutation } from "../use-cases/mutation.ts";
import { auditEntryFromRow, auditHeadFromRow } from "./audit-rows.ts";
import * as statements from "./audit-statements.ts";

export function auditReads(executor: Executor): AuditReads {
  return {
    readAudit: async (from, limit) => {
      const rows = await run(executor, statements.readAudit, [from, limit]);
      const entries = rows.flatMap((row) =>
        row.sequence === null ? [] : [auditEntryFromRow(row)],
      );
      return { head: auditHeadFromRow(rows[0]), entries };
    },
    listAuditEntries: async (query) => {
      const { items, next } = await listRows(executor, statements.listAuditEntries, query, []);
      return { items: items.map(auditEntryFromRow), next };
    },
  };
}

/**
 * Appends what a mutation did to the audit log. The last statement before the commit: from
 * here to there every other mutation waits.
 * @param resource the name of what was changed
 * @param now milliseconds since 1970
 */
export async function appendAuditEntry(
  tx: Executor,
  { subject, method, why, requestId, body }: Mutation,
  resource: string,
  now: number,
): Promise<void> {
  const digest = createHash("sha256").update(body).digest();
  const values = [new Date(now), subject, method, resource, why, requestId, digest] as const;
  await run(tx, statements.appendAuditEntry, values);
}
