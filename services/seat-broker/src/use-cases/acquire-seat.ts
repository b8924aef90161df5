import type { Problem } from "@leasehold/kernel";
import type { TokenKeys } from "../domain/lease-token.ts";
import { leaseIdTaken, noSeats, poolDrained } from "../domain/seat-problems.ts";
import type { VersionWarning } from "../domain/version-rules.ts";
import { decide, type DecidePorts } from "./decide.ts";
import { decideClaimOf } from "./decide-claim.ts";
import type { AcquireOutcome, SeatRequest, SeatStore, Undecided } from "./ports.ts";
import { recordRefusal, type RecordRefusalPorts } from "./record-refusal.ts";
import { unavailable } from "./unavailable.ts";

/** A lease as its holder gets it. Durations in milliseconds, counted from when it sent the call. */
export interface GrantedLease {
  readonly fence: bigint;
  readonly validityMs: number;
  readonly heartbeatMs: number;
  readonly token: Buffer;
  /** Whether it was granted beyond the seats of the license. */
  readonly overdraft: boolean;
  readonly warnings: readonly VersionWarning[];
}

export interface AcquireSeatPorts extends DecidePorts, RecordRefusalPorts {
  readonly seats: SeatStore;
  readonly tokens: TokenKeys;
}

type Refusal = Exclude<AcquireOutcome, Undecided | { readonly kind: "granted" }>;

/**
 * Leases seats. The lease id makes the call repeatable: while the lease lives, it is
 * answered with the same lease, extended.
 * @throws Problem that says why there is no seat; OVERLOADED if that was not found out
 */
export async function acquireSeat(
  ports: AcquireSeatPorts,
  request: SeatRequest,
): Promise<GrantedLease> {
  const { license, id, holder } = request;
  let warnings: readonly VersionWarning[] = [];
  const outcome = await decide(ports, license, async () => {
    const decided = await decideClaimOf(ports.terms, request, (refusal) =>
      recordRefusal(ports, request, refusal),
    );
    warnings = decided.warnings;
    return ports.seats.acquire(request, decided);
  });
  if (outcome.kind !== "granted") throw refused(outcome);
  const { fence, epoch, now, validityMs, graceMs, claim, overdraft } = outcome;
  const facts = { fence, epoch, expiry: now + validityMs + graceMs, claim };
  return {
    fence,
    validityMs,
    heartbeatMs: validityMs / 4,
    token: ports.tokens.mint({ id, installation: holder.installation }, facts),
    overdraft,
    warnings,
  };
}

function refused(outcome: Refusal): Problem {
  if (outcome.kind === "full") return noSeats(outcome.nextInMs, outcome.feature);
  if (outcome.kind === "drained") return poolDrained();
  return outcome.kind === "taken" ? leaseIdTaken() : unavailable(outcome);
}
