import type { seatBroker } from "@leasehold/contracts";
import type { LeaseFacts, TokenKeys } from "../domain/lease-token.ts";
import type { BarredInstallations } from "../use-cases/barred-installations.ts";
import type { ProvenLease, Renewal, RenewLeases } from "../use-cases/renew-leases.ts";
import type { Caller } from "./caller.ts";
import { presentRenewal, TOKEN_INVALID } from "./present.ts";

export interface HeartbeatPorts {
  readonly renew: RenewLeases;
  readonly tokens: TokenKeys;
  readonly barred: Pick<BarredInstallations, "has">;
}

/** What verified tokens said of their leases, by what the leases are called. */
export type VerifiedLeases = Map<string, Pick<LeaseFacts, "fence" | "claim">>;

/** Past this, tokens are verified anew: a stream must not fill the broker's memory. */
const MOST_VERIFIED = 10_000;

/**
 * Renews what the heartbeats ask for and the caller has proved to hold.
 * @param verified what was proved before, and grows by what is proved now; every token is
 *   looked at if there is none
 * @returns an answer to each, in their order; never rejects
 */
export async function answerHeartbeats(
  { renew, tokens, barred }: HeartbeatPorts,
  caller: Caller,
  heartbeats: readonly seatBroker.Heartbeat[],
  verified?: VerifiedLeases,
): Promise<seatBroker.Renewal[]> {
  const leases = heartbeats.map((heartbeat) => prove(tokens, caller, heartbeat, verified));
  const proven = leases.filter((lease) => lease !== undefined);
  const renewals = barred.has(caller.license, caller.installation)
    ? proven.map(() => REVOKED)
    : await renew(caller.license, caller.installation, proven);
  let next = 0;
  return heartbeats.map(({ leaseId }, index) => {
    const lease = leases[index];
    const renewal = lease && renewals[next++];
    if (lease && (renewal?.kind === "expired" || renewal?.kind === "revoked"))
      verified?.delete(lease.id.member);
    return presentRenewal(leaseId, renewal ?? TOKEN_INVALID);
  });
}

const REVOKED: Renewal = { kind: "revoked" };

function prove(
  tokens: TokenKeys,
  { installation, readLeaseId }: Caller,
  { leaseId, token }: seatBroker.Heartbeat,
  verified: VerifiedLeases | undefined,
): ProvenLease | undefined {
  const reading = readLeaseId(leaseId);
  if (reading.kind !== "lease") return undefined;
  const { id } = reading;
  const known = verified?.get(id.member);
  if (known !== undefined) return { id, ...known, token };
  const facts = tokens.read({ id, installation }, token);
  if (!facts) return undefined;
  const { fence, claim } = facts;
  if (verified && verified.size < MOST_VERIFIED) verified.set(id.member, { fence, claim });
  return { id, fence, claim, token };
}
