import { isProblem } from "@leasehold/kernel";
import type { DenialCause } from "../domain/ledger-entry.ts";
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
} as const satisfies Record<ClaimRefusal["kind"], DenialCause>;

/** Tells the ledger of a claim that the terms refuse. */
export function recordRefusal(
  ports: RecordRefusalPorts,
  request: SeatRequest,
  refusal: ClaimRefusal,
): Promise<void> {
  const feature = refusal.kind === "feature-not-licensed" ? refusal.feature : "";
  return record(ports, request, { cause: CAUSES[refusal.kind], feature });
}

/** Tells the ledger of a claim of an installation that gets no seats. */
export function recordBarred(ports: RecordRefusalPorts, request: SeatRequest): Promise<void> {
  return record(ports, request, { cause: "INSTALLATION_DISABLED", feature: "" });
}

/** While it cannot be told, nobody's answer suffers. */
async function record(
  { denials, recover }: RecordRefusalPorts,
  { license, id, holder, claim }: SeatRequest,
  why: { readonly cause: DenialCause; readonly feature: string },
): Promise<void> {
  const denied = { party: holder, ...claim, ...why };
  try {
    if (await denials.recordDenial(license, id, denied)) return;
    await recover(license);
    await denials.recordDenial(license, id, denied);
  } catch (error) {
    if (!isProblem(error)) throw error;
  }
}
