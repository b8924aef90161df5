import type { seatBroker } from "@leasehold/contracts";
import { isProblem, type Uuid } from "@leasehold/kernel";
import type { TokenKeys } from "../domain/lease-token.ts";
import type { BarredInstallations } from "../use-cases/barred-installations.ts";
import { accessFault } from "../domain/pool-access.ts";
import type { BrokerCounts } from "../use-cases/broker-counts.ts";
import type { PoolTerms } from "../use-cases/pool-terms.ts";
import type { ProvenLease, Renewal, RenewLeases } from "../use-cases/renew-leases.ts";
import type { Caller } from "./caller.ts";

export interface HeartbeatPorts {
  readonly renew: RenewLeases;
  readonly tokens: TokenKeys;
  readonly barred: Pick<BarredInstallations, "has">;
  readonly terms: PoolTerms;
  readonly counts: Pick<BrokerCounts, "tokenRefused">;
}

/** A lease that was proved, and the pool that it is of. */
export interface VerifiedLease extends ProvenLease {
  readonly pool: Uuid;
}

/** Leases that were proved, by what `leaseKey` calls them. */
export type VerifiedLeases = Map<string, VerifiedLease>;

/** What became of heartbeats, in their order; a lease that was not proved has nothing. */
export interface AnsweredHeartbeats {
  readonly heartbeats: readonly seatBroker.Heartbeat[];
  readonly leases: readonly (VerifiedLease | undefined)[];
  readonly renewals: readonly (Renewal | undefined)[];
}

/** Past this, tokens are verified anew: a stream must not fill the broker's memory. */
const MOST_VERIFIED = 10_000;

const RETRY: Renewal = { kind: "retry" };
const REVOKED: Renewal = { kind: "revoked" };

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
 * @returns an answer to each; never rejects
 */
export async function answerHeartbeats(
  ports: HeartbeatPorts,
  caller: Caller,
  heartbeats: readonly seatBroker.Heartbeat[],
  verified?: VerifiedLeases,
  meet?: (pool: Uuid) => void,
): Promise<AnsweredHeartbeats> {
  const leases = heartbeats.map((heartbeat) => prove(ports.tokens, caller, heartbeat, verified));
  const renewals = await renewProven(ports, caller, { heartbeats, leases }, meet);
  for (const [index, lease] of leases.entries()) {
    const kind = renewals[index]?.kind;
    if (!lease) ports.counts.tokenRefused();
    else if (kind === "expired" || kind === "revoked")
      verified?.delete(leaseKey(caller, lease.pool, lease.member));
  }
  return { heartbeats, leases, renewals };
}

type AskedHeartbeats = Pick<AnsweredHeartbeats, "heartbeats" | "leases">;

async function renewProven(
  ports: HeartbeatPorts,
  caller: Caller,
  { heartbeats, leases }: AskedHeartbeats,
  meet: ((pool: Uuid) => void) | undefined,
): Promise<AnsweredHeartbeats["renewals"]> {
  const { license, installation } = caller;
  if (ports.barred.has(license, installation)) return leases.map((lease) => lease && REVOKED);
  // Most callers have proved all that they ask for, and have leases of their own license only.
  if (areAllOf(license, leases))
    return ports.renew({ license, installation, leases, shown: heartbeats });
  const renewals: (Renewal | undefined)[] = leases.map(() => undefined);
  const places = [...leases.keys()].filter((place) => leases[place]);
  const byPool = Map.groupBy(places, (place) => leases[place]?.pool ?? license);
  const rounds = Array.from(byPool, async ([pool, own]) => {
    const refusal = pool === license ? undefined : await refusalOf(ports, caller, pool);
    if (pool !== license) meet?.(pool);
    const answers = refusal
      ? own.map(() => refusal)
      : await ports.renew({
          license: pool,
          installation,
          leases: some(leases, own),
          shown: some(heartbeats, own),
        });
    for (const [index, place] of own.entries()) renewals[place] = answers[index];
  });
  await Promise.all(rounds);
  return renewals;
}

function areAllOf(
  license: Uuid,
  leases: readonly (VerifiedLease | undefined)[],
): leases is readonly VerifiedLease[] {
  return leases.every((lease) => lease?.pool === license);
}

function some<Item>(items: readonly (Item | undefined)[], places: readonly number[]): Item[] {
  return places.map((place) => items[place]).filter((item) => item !== undefined);
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
): VerifiedLease | undefined {
  const reading = caller.readLeaseId(leaseId);
  if (reading.kind === "malformed") return undefined;
  const { id } = reading;
  const pool = reading.kind === "lease" ? caller.license : reading.pool;
  const key = leaseKey(caller, pool, id.member);
  const known = verified?.get(key);
  if (known !== undefined) return known;
  const facts = tokens.read({ id, installation: caller.installation }, token);
  if (!facts) return undefined;
  const { fence, claim, expiry } = facts;
  const lease = { pool, member: id.member, fence, claim, expiry };
  if (verified && verified.size < MOST_VERIFIED) verified.set(key, lease);
  return lease;
}
