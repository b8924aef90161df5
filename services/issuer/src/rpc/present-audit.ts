import type { issuer } from "@leasehold/contracts";
import type { AuditEntry } from "@leasehold/license-format";
import type { AuditCheckpoint } from "../use-cases/create-audit-checkpoint.ts";
import type { AuditVerdict } from "../use-cases/verify-audit.ts";

/** An audit entry as the contract has it. */
export function presentAuditEntry(entry: AuditEntry): issuer.AuditEntry {
  const { timeUs, requestSha256, hash, ...rest } = entry;
  return {
    ...rest,
    time: new Date(Number(timeUs / 1_000n)),
    requestSha256: Buffer.from(requestSha256),
    hash: Buffer.from(hash),
  };
}

/** A checkpoint as the contract has it. */
export function presentAuditCheckpoint({
  sequence,
  hash,
  time,
  token,
}: AuditCheckpoint): issuer.AuditCheckpoint {
  return { sequence, hash: Buffer.from(hash), time: new Date(time), token };
}

/** What came of verifying, as the contract has it. */
export function presentAuditVerdict({ entries, first }: AuditVerdict): issuer.VerifyAuditResponse {
  return { entries, firstFault: first?.sequence ?? 0n, fault: first?.fault ?? "" };
}
