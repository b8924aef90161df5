import { isProblem, type Uuid } from "@leasehold/kernel";
import type { LeaseId } from "../domain/lease-id.ts";
import type { LeaseSubject, TokenKeys } from "../domain/lease-token.ts";
import type { BrokerEvents, Extension, LeaseOutcome, SeatStore, Undecided } from "./ports.ts";
import type { RecoverPool } from "./recover-pool.ts";
import { type Later, selfClocked } from "./self-clocked.ts";

/** A lease that its holder wants renewed, and has proved to be its own. */
export interface ProvenLease {
  readonly id: LeaseId;
  readonly fence: bigint;
  /** The newest one; looked at again only after a loss of data. */
  readonly token: Uint8Array;
}

/** What became of a lease. "retry": nothing could be decided. */
export type Renewal =
  | { readonly kind: "renewed"; readonly validityMs: number; readonly token: Buffer }
  | { readonly kind: "expired" }
  | { readonly kind: "revoked" }
  | { readonly kind: "retry" };

/** Renews leases of one holder; answers each, in their order. Never rejects. */
export type RenewLeases = (
  license: Uuid,
  installation: Uuid,
  leases: readonly ProvenLease[],
) => Promise<readonly Renewal[]>;

export interface RenewLeasesPorts {
  readonly seats: SeatStore;
  readonly recover: RecoverPool;
  readonly tokens: TokenKeys;
  readonly events: BrokerEvents;
  readonly later: Later;
}

/** The leases that were handed in together, and are answered together. */
interface Heartbeat {
  readonly license: Uuid;
  readonly installation: Uuid;
  readonly renewals: Renewal[];
  readonly answer: (renewals: readonly Renewal[]) => void;
  open: number;
}

interface Waiting {
  readonly heartbeat: Heartbeat;
  readonly index: number;
  readonly lease: ProvenLease;
  /** Whether what kept it from being decided was set right already. */
  repeated: boolean;
}

interface Batch {
  readonly license: Uuid;
  readonly members: readonly string[];
  readonly waiting: readonly Waiting[];
}

type Enqueue = (waiting: readonly Waiting[]) => void;

/** One script call must not keep Redis from others for long. */
const BATCH_LIMIT = 250;

const EXPIRED: Renewal = { kind: "expired" };
const REVOKED: Renewal = { kind: "revoked" };
const RETRY: Renewal = { kind: "retry" };

/** Renewals of all streams and calls go to Redis together, many in one round trip. */
export function leaseRenewer(ports: RenewLeasesPorts): RenewLeases {
  const enqueue: Enqueue = selfClocked(ports.later, (waiting) =>
    roundTrip(ports, waiting, enqueue),
  );
  return (license, installation, leases) => {
    if (leases.length === 0) return Promise.resolve([]);
    return new Promise((answer) => {
      const renewals = Array.from(leases, () => RETRY);
      const heartbeat = { license, installation, renewals, answer, open: leases.length };
      enqueue(leases.map((lease, index) => ({ heartbeat, index, lease, repeated: false })));
    });
  };
}

async function roundTrip(
  ports: RenewLeasesPorts,
  waiting: readonly Waiting[],
  again: Enqueue,
): Promise<void> {
  const batches = batchesOf(waiting);
  const outcomes = await ports.seats.renew(batches).catch((error: unknown) => {
    ports.events.renewalsFailed(error);
    return [];
  });
  for (const [index, { license, waiting: batch }] of batches.entries()) {
    const outcome = outcomes[index];
    // What takes longer goes on beside the round trips of other licenses, which do not wait.
    if (outcome?.kind === "decided")
      void readmit(ports, license, settleDecided(ports, batch, outcome));
    else if (outcome?.kind === "unset" || outcome?.kind === "misjudged")
      void setRight(ports, license, outcome, batch).then(again);
    else settleAll(batch, RETRY);
  }
}

/** @returns what is to be asked again now */
async function setRight(
  { seats, recover, events }: RenewLeasesPorts,
  license: Uuid,
  { kind }: Undecided,
  batch: readonly Waiting[],
): Promise<readonly Waiting[]> {
  const fresh = batch.filter(({ repeated }) => !repeated);
  settleAll(
    batch.filter(({ repeated }) => repeated),
    RETRY,
  );
  if (fresh.length === 0) return [];
  try {
    if (kind === "unset") await recover(license);
    else await seats.readIncarnation();
  } catch (error) {
    if (!isProblem(error)) events.renewalsFailed(error);
    settleAll(fresh, RETRY);
    return [];
  }
  for (const one of fresh) one.repeated = true;
  return fresh;
}

function settle({ heartbeat, index }: Waiting, renewal: Renewal): void {
  heartbeat.renewals[index] = renewal;
  heartbeat.open -= 1;
  if (heartbeat.open === 0) heartbeat.answer(heartbeat.renewals);
}

function batchesOf(queue: readonly Waiting[]): readonly Batch[] {
  const byLicense = Map.groupBy(queue, ({ heartbeat }) => heartbeat.license);
  const batches: Batch[] = [];
  for (const [license, all] of byLicense)
    for (let from = 0; from < all.length; from += BATCH_LIMIT) {
      const waiting = all.slice(from, from + BATCH_LIMIT);
      batches.push({ license, waiting, members: waiting.map(({ lease }) => lease.id.member) });
    }
  return batches;
}

function settleAll(waiting: readonly Waiting[], renewal: Renewal): void {
  for (const one of waiting) settle(one, renewal);
}

/** @returns those that only their tokens can decide */
function settleDecided(
  { tokens }: RenewLeasesPorts,
  waiting: readonly Waiting[],
  decided: Extension & { readonly outcomes: readonly LeaseOutcome[] },
): readonly Waiting[] {
  const { epoch, now, validityMs, graceMs, outcomes } = decided;
  const expiry = now + validityMs + graceMs;
  const unknown: Waiting[] = [];
  for (const [index, one] of waiting.entries()) {
    const outcome = outcomes[index];
    if (outcome === "unknown") unknown.push(one);
    else if (outcome === "revoked") settle(one, REVOKED);
    else if (outcome === "gone") settle(one, EXPIRED);
    else {
      const token = tokens.mint(subjectOf(one), { fence: one.lease.fence, epoch, expiry });
      settle(one, { kind: "renewed", validityMs, token });
    }
  }
  return unknown;
}

async function readmit(
  ports: RenewLeasesPorts,
  license: Uuid,
  unknown: readonly Waiting[],
): Promise<void> {
  if (unknown.length === 0) return;
  const returners = unknown.map((one) => ({
    member: one.lease.id.member,
    installation: one.heartbeat.installation,
    fence: one.lease.fence,
    // A token that does not verify has run out since ever.
    expiry: ports.tokens.read(subjectOf(one), one.lease.token)?.expiry ?? 0,
  }));
  try {
    const outcome = await ports.seats.readmit(license, returners);
    if (outcome.kind === "decided") settleAll(settleDecided(ports, unknown, outcome), RETRY);
    else settleAll(unknown, RETRY);
  } catch (error) {
    if (!isProblem(error)) ports.events.renewalsFailed(error);
    settleAll(unknown, RETRY);
  }
}

function subjectOf({ lease, heartbeat }: Waiting): LeaseSubject {
  return { id: lease.id, installation: heartbeat.installation };
}
