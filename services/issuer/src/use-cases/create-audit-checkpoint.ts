import type { Clock } from "@leasehold/kernel";
import { signAuditCheckpoint } from "@leasehold/license-format";
import type { AuditHead } from "@leasehold/license-format";
import type { AuditReads } from "./audit-ports.ts";
import type { KeyRing } from "./key-ring.ts";

/** What the chain has come to, signed. */
export interface AuditCheckpoint extends AuditHead {
  /** Milliseconds since 1970, a whole second as in the token. */
  readonly time: number;
  /** An `audit+jwt`. */
  readonly token: string;
}

/** Signs what the chain has come to. */
export async function createAuditCheckpoint(ports: {
  readonly store: AuditReads;
  readonly clock: Pick<Clock, "now">;
  readonly keyRing: Pick<KeyRing, "deployment" | "auditKey">;
}): Promise<AuditCheckpoint> {
  const { store, clock, keyRing } = ports;
  const { head } = await store.readAudit(1n, 0);
  if (!head) throw new Error("the audit log has no head");
  const time = Math.floor(clock.now() / 1_000) * 1_000;
  const token = await signAuditCheckpoint(keyRing.auditKey, {
    deployment: keyRing.deployment,
    sequence: Number(head.sequence),
    hash: head.hash,
    issuedAt: time,
  });
  return { ...head, time, token };
}
