import type { Problem } from "@leasehold/kernel";
import type { TokenKeys } from "../domain/lease-token.ts";
import { leaseIdTaken, noSeats } from "../domain/seat-problems.ts";
import { decide } from "./decide.ts";
import type { AcquireOutcome, SeatRequest, SeatStore, Undecided } from "./ports.ts";
import type { RecoverPool } from "./recover-pool.ts";
import { unavailable } from "./unavailable.ts";

/** A lease as its holder gets it. Durations in milliseconds, counted from when it sent the call. */
export interface GrantedLease {
  readonly fence: bigint;
  readonly validityMs: number;
  readonly heartbeatMs: number;
  readonly token: Buffer;
}

export interface AcquireSeatPorts {
  readonly seats: SeatStore;
  readonly recover: RecoverPool;
  readonly tokens: TokenKeys;
}

type Refusal = Exclude<AcquireOutcome, Undecided | { readonly kind: "granted" }>;

/**
 * Leases a seat. The lease id makes the call repeatable: while the lease lives, it is
 * answered with the same lease, extended.
 * @throws Problem that says why there is no seat
 */
export async function acquireSeat(
  ports: AcquireSeatPorts,
  request: SeatRequest,
): Promise<GrantedLease> {
  const { license, id, holder } = request;
  const outcome = await decide(ports, license, () => ports.seats.acquire(request));
  if (outcome.kind !== "granted") throw refused(outcome);
  const { fence, epoch, now, validityMs, graceMs } = outcome;
  const facts = { fence, epoch, expiry: now + validityMs + graceMs };
  return {
    fence,
    validityMs,
    heartbeatMs: validityMs / 4,
    token: ports.tokens.mint({ id, installation: holder.installation }, facts),
  };
}

function refused(outcome: Refusal): Problem {
  if (outcome.kind === "full") return noSeats(outcome.nextInMs);
  return outcome.kind === "taken" ? leaseIdTaken() : unavailable(outcome);
}
