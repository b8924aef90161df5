import { isProblem } from "@leasehold/kernel";
import type { ClaimRefusal } from "./decide-claim.ts";
import type { SeatRequest } from "./ports.ts";
import type { RecoverPool } from "./recover-pool.ts";
import type { DenialRecorder } from "./usage-ports.ts";

export interface RecordRefusalPorts {
  readonly denials: DenialRecorder;
  readonly recover: RecoverPool;
}

const CAUSES = {
  excluded: "HOLDER_EXCLUDED",
  "not-named": "HOLDER_EXCLUDED",
  "feature-not-licensed": "FEATURE_NOT_LICENSED",
  "version-not-covered": "VERSION_NOT_COVERED",
} as const satisfies Record<ClaimRefusal["kind"], string>;

/** Tells the ledger of a claim that the terms refuse. While it cannot be told, nobody's answer suffers. */
export async function recordRefusal(
  { denials, recover }: RecordRefusalPorts,
  { license, id, holder, claim }: SeatRequest,
  refusal: ClaimRefusal,
): Promise<void> {
  const denied = {
    party: holder,
    ...claim,
    cause: CAUSES[refusal.kind],
    feature: refusal.kind === "feature-not-licensed" ? refusal.feature : "",
  };
  try {
    if (await denials.recordDenial(license, id, denied)) return;
    await recover(license);
    await denials.recordDenial(license, id, denied);
  } catch (error) {
    if (!isProblem(error)) throw error;
  }
}
