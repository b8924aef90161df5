import { durationFromMs, seatBroker } from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import type { TokenKeys } from "../domain/lease-token.ts";
import { type Renewal, renewedFacts } from "../use-cases/renew-leases.ts";
import type { AnsweredHeartbeats } from "./heartbeats.ts";

/** What the next tokens are made by, and whose they are. */
export interface NextTokens {
  readonly tokens: Pick<TokenKeys, "mint" | "write">;
  readonly installation: Uuid;
}

const NO_TOKEN = Buffer.alloc(0);

const OUTCOME = {
  renewed: seatBroker.RenewalOutcome.RENEWED,
  expired: seatBroker.RenewalOutcome.EXPIRED,
  revoked: seatBroker.RenewalOutcome.REVOKED,
  retry: seatBroker.RenewalOutcome.RETRY,
} as const satisfies Record<Renewal["kind"], seatBroker.RenewalOutcome>;

/** @param renewal none of a lease that was not proved */
export function outcomeOf(renewal: Renewal | undefined): seatBroker.RenewalOutcome {
  return renewal ? OUTCOME[renewal.kind] : seatBroker.RenewalOutcome.TOKEN_INVALID;
}

export function presentRenewals(
  { tokens, installation }: NextTokens,
  { heartbeats, leases, renewals }: AnsweredHeartbeats,
): seatBroker.Renewal[] {
  return heartbeats.map(({ leaseId }, index) => {
    const renewal = renewals[index];
    const lease = leases[index];
    const outcome = outcomeOf(renewal);
    if (!lease || renewal?.kind !== "renewed")
      return { leaseId, outcome, validity: undefined, token: NO_TOKEN };
    const subject = { id: { bytes: leaseId }, installation };
    const token = tokens.mint(subject, renewedFacts(lease, renewal));
    return { leaseId, outcome, validity: durationFromMs(renewal.validityMs), token };
  });
}
