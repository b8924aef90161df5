import type { seatBroker } from "@leasehold/contracts";
import { isProblem, type Uuid } from "@leasehold/kernel";
import type { LeaseId } from "../domain/lease-id.ts";
import type { LeaseFacts, TokenKeys } from "../domain/lease-token.ts";
import type { BarredInstallations } from "../use-cases/barred-installations.ts";
import { accessFault } from "../domain/pool-access.ts";
import type { BrokerCounts } from "../use-cases/broker-counts.ts";
import type { PoolTerms } from "../use-cases/pool-terms.ts";
import type { ProvenLease, Renewal, RenewLeases } from "../use-cases/renew-leases.ts";
import type { Caller } from "./caller.ts";
import { presentRenewal, TOKEN_INVALID } from "./present.ts";

export interface HeartbeatPorts {
  readonly renew: RenewLeases;
  readonly tokens: TokenKeys;
  readonly barred: Pick<BarredInstallations, "has">;
  readonly terms: PoolTerms;
  readonly counts: Pick<BrokerCounts, "tokenRefused">;
}

/** What is known of a lease that was proved: what its token said, and when it ends since it was renewed. */
interface VerifiedLease extends Pick<LeaseFacts, "fence" | "claim"> {
  expiry: number;
}

/** Leases that were proved, by what `leaseKey` calls them. */
export type VerifiedLeases = Map<string, VerifiedLease>;

/** Past this, tokens are verified anew: a stream must not fill the broker's memory. */
const MOST_VERIFIED = 10_000;

const RETRY: Renewal = { kind: "retry" };
const REVOKED: Renewal = { kind: "revoked" };

interface Proven {
  readonly pool: Uuid;
  readonly lease: ProvenLease;
  readonly known: VerifiedLease;
}

/** What a lease is called among those of several pools. */
export function leaseKey({ license }: Pick<Caller, "license">, pool: Uuid, member: string): string {
  return pool === license ? member : `${pool}/${member}`;
}

/** The lease of the caller's own license that `leaseKey` calls so; `undefined` if it is a resource's. */
export function memberOf(key: string): string | undefined {
  return key.includes("/") ? undefined : key;
}

/**
 * Renews what the heartbeats ask for and the caller has proved to hold.
 * @param verified what was proved before, and grows by what is proved now; every token is
 *   looked at if there is none
 * @param meet is told of each pool of a resource that the caller has proved to hold a lease in
 * @returns an answer to each, in their order; never rejects
 */
export async function answerHeartbeats(
  ports: HeartbeatPorts,
  caller: Caller,
  heartbeats: readonly seatBroker.Heartbeat[],
  verified?: VerifiedLeases,
  meet?: (pool: Uuid) => void,
): Promise<seatBroker.Renewal[]> {
  const proofs = heartbeats.map((heartbeat) => prove(ports.tokens, caller, heartbeat, verified));
  const proven = proofs.filter((proof) => proof !== undefined);
  const renewals = ports.barred.has(caller.license, caller.installation)
    ? proven.map(() => REVOKED)
    : await renewByPool(ports, caller, proven, meet);
  let next = 0;
  return heartbeats.map(({ leaseId }, index) => {
    const proof = proofs[index];
    const renewal = proof && renewals[next++];
    if (proof && renewal?.kind === "renewed") proof.known.expiry = renewal.expiry;
    if (proof && (renewal?.kind === "expired" || renewal?.kind === "revoked"))
      verified?.delete(leaseKey(caller, proof.pool, proof.lease.id.member));
    if (!proof) ports.counts.tokenRefused();
    return presentRenewal(leaseId, renewal ?? TOKEN_INVALID);
  });
}

/** Most callers have leases of their own license only. */
async function renewByPool(
  ports: HeartbeatPorts,
  caller: Caller,
  proven: readonly Proven[],
  meet: ((pool: Uuid) => void) | undefined,
): Promise<readonly (Renewal | undefined)[]> {
  const { license, installation } = caller;
  const leasesOf = (some: readonly Proven[]) => some.map(({ lease }) => lease);
  if (proven.every(({ pool }) => pool === license))
    return ports.renew(license, installation, leasesOf(proven));
  const answers = new Map<Proven, Renewal | undefined>();
  const pools = Map.groupBy(proven, ({ pool }) => pool);
  await Promise.all(
    [...pools].map(async ([pool, some]) => {
      const refusal = pool === license ? undefined : await refusalOf(ports, caller, pool);
      if (pool !== license) meet?.(pool);
      const renewals = refusal ? [] : await ports.renew(pool, installation, leasesOf(some));
      for (const [index, one] of some.entries()) answers.set(one, refusal ?? renewals[index]);
    }),
  );
  return proven.map((one) => answers.get(one));
}

/** Whoever holds a seat of a resource that is not bound to its license any more is to stop. */
async function refusalOf(
  { terms }: HeartbeatPorts,
  { licenseName }: Caller,
  pool: Uuid,
): Promise<Renewal | undefined> {
  try {
    return accessFault(await terms.of(pool), licenseName) === undefined ? undefined : REVOKED;
  } catch (error) {
    if (isProblem(error)) return RETRY;
    throw error;
  }
}

function prove(
  tokens: TokenKeys,
  caller: Caller,
  { leaseId, token }: seatBroker.Heartbeat,
  verified: VerifiedLeases | undefined,
): Proven | undefined {
  const reading = caller.readLeaseId(leaseId);
  if (reading.kind === "malformed") return undefined;
  const { id } = reading;
  const pool = reading.kind === "lease" ? caller.license : reading.pool;
  const known = knownOf(tokens, caller, { pool, id, token }, verified);
  return known && { pool, lease: { id, ...known, token }, known };
}

function knownOf(
  tokens: TokenKeys,
  caller: Caller,
  { pool, id, token }: { readonly pool: Uuid; readonly id: LeaseId; readonly token: Buffer },
  verified: VerifiedLeases | undefined,
): VerifiedLease | undefined {
  const key = leaseKey(caller, pool, id.member);
  const known = verified?.get(key);
  if (known !== undefined) return known;
  const facts = tokens.read({ id, installation: caller.installation }, token);
  if (!facts) return undefined;
  const { fence, claim, expiry } = facts;
  const lease = { fence, claim, expiry };
  if (verified && verified.size < MOST_VERIFIED) verified.set(key, lease);
  return lease;
}
