import type { issuer } from "@leasehold/contracts";
import type { Check } from "@leasehold/service-kit";
import type { ExportAudit } from "../use-cases/export-audit.ts";

const SEQUENCE = { min: 0n, max: 2n ** 63n - 1n } as const;

/** Which entries to export. */
export function readExportAuditEntries(
  check: Check,
  { fromSequence, toSequence }: issuer.ExportAuditEntriesRequest,
): ExportAudit {
  const from = check.integer("from_sequence", fromSequence, SEQUENCE) || 1n;
  const to = check.integer("to_sequence", toSequence, SEQUENCE);
  if (to > 0n && to < from) {
    check.violation("to_sequence", "must not come before from_sequence");
  }
  return to === 0n ? { from } : { from, to };
}
