import { isProblem, type Uuid } from "@leasehold/kernel";
import { entriesOf } from "../domain/claim.ts";
import type { LeaseId } from "../domain/lease-id.ts";
import type { TokenKeys } from "../domain/lease-token.ts";
import type { LeaseSubject } from "../domain/subject-macs.ts";
import type { BrokerEvents, Extension, LeaseOutcome, SeatStore, Undecided } from "./ports.ts";
import { decide, type DecidePorts, setRight } from "./decide.ts";
import { type Later, selfClockedLanes } from "./self-clocked.ts";
import { urgentFirst } from "./urgent-first.ts";

/** A lease that its holder wants renewed, and has proved to be its own. */
export interface ProvenLease {
  readonly id: LeaseId;
  readonly fence: bigint;
  /** What it takes, packed. */
  readonly claim: string;
  /** When it ends, in milliseconds of Redis' clock, by what was proved and renewed: not by what its holder says now. */
  readonly expiry: number;
  /** The newest one; looked at again only after a loss of data. */
  readonly token: Uint8Array;
}

/** What became of a lease. "retry": nothing could be decided. */
export type Renewal =
  | {
      readonly kind: "renewed";
      readonly validityMs: number;
      /** When the seat becomes free, in milliseconds of Redis' clock. */
      readonly expiry: number;
      readonly token: Buffer;
    }
  | { readonly kind: "expired" }
  | { readonly kind: "revoked" }
  | { readonly kind: "retry" };

/** Renews leases of one holder; answers each, in their order. Never rejects. */
export type RenewLeases = (
  license: Uuid,
  installation: Uuid,
  leases: readonly ProvenLease[],
) => Promise<readonly Renewal[]>;

export interface RenewLeasesPorts extends DecidePorts {
  readonly seats: SeatStore;
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

/** One script call must not keep Redis from others for long: so many leases, so many entries. */
const BATCH_LIMIT = 250;
const BATCH_ENTRIES = 2_500;
/** Nor one round trip, whose last call would run into its time limit. Some 20 ms of Redis' time. */
const TRIP_LIMIT = 5_000;
/**
 * Half a second's worth. Whoever is told to come again soon costs less than one who waits: what waits long is looked after
 * by the collector, and takes from the others the time in which they would have been renewed.
 */
const MOST_WAITING = 25_000;

const EXPIRED: Renewal = { kind: "expired" };
const REVOKED: Renewal = { kind: "revoked" };
const RETRY: Renewal = { kind: "retry" };

/** Renewals of all streams and calls go to a Redis together, many in one round trip. */
export function leaseRenewer(ports: RenewLeasesPorts): RenewLeases {
  const put = selfClockedLanes<Waiting>(
    ports.later,
    (waiting, again) => roundTrip(ports, waiting, again),
    () =>
      urgentFirst({
        endsAt: ({ lease }) => lease.expiry,
        mostTaken: TRIP_LIMIT,
        mostWaiting: MOST_WAITING,
        refuse: (waiting) => settleAll(waiting, RETRY),
      }),
  );
  return (license, installation, leases) => {
    if (leases.length === 0) return Promise.resolve([]);
    return new Promise((answer) => {
      const renewals = Array.from(leases, () => RETRY);
      const heartbeat = { license, installation, renewals, answer, open: leases.length };
      put(
        ports.seats.nodeOf(license),
        leases.map((lease, index) => ({ heartbeat, index, lease, repeated: false })),
      );
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
    else if (!outcome || outcome.kind === "recovering") settleAll(batch, RETRY);
    else void retryOnce(ports, license, outcome, batch).then(again);
  }
}

/** @returns what is to be asked again now */
async function retryOnce(
  ports: RenewLeasesPorts,
  license: Uuid,
  undecided: Undecided,
  batch: readonly Waiting[],
): Promise<readonly Waiting[]> {
  const fresh = batch.filter(({ repeated }) => !repeated);
  settleAll(
    batch.filter(({ repeated }) => repeated),
    RETRY,
  );
  if (fresh.length === 0) return [];
  try {
    await setRight(ports, license, undecided);
  } catch (error) {
    if (!isProblem(error)) ports.events.renewalsFailed(error);
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
    for (const waiting of portionsOf(all))
      batches.push({ license, waiting, members: waiting.map(({ lease }) => lease.id.member) });
  return batches;
}

function portionsOf(all: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const portions: Waiting[][] = [];
  let portion: Waiting[] = [];
  let entries = 0;
  for (const one of all) {
    entries += entriesOf(one.lease.claim);
    if (portion.length === 0 || portion.length === BATCH_LIMIT || entries > BATCH_ENTRIES) {
      portion = [];
      portions.push(portion);
      entries = entriesOf(one.lease.claim);
    }
    portion.push(one);
  }
  return portions;
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
      const { fence, claim } = one.lease;
      const token = tokens.mint(subjectOf(one), { fence, epoch, expiry, claim });
      settle(one, { kind: "renewed", validityMs, expiry, token });
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
    claim: one.lease.claim,
    // A token that does not verify has run out since ever.
    expiry: ports.tokens.read(subjectOf(one), one.lease.token)?.expiry ?? 0,
  }));
  try {
    const ask = () => ports.seats.readmit(license, returners);
    const outcome = await decide(ports, license, ask);
    settleAll(settleDecided(ports, unknown, outcome), RETRY);
  } catch (error) {
    if (!isProblem(error)) ports.events.renewalsFailed(error);
    settleAll(unknown, RETRY);
  }
}

function subjectOf({ lease, heartbeat }: Waiting): LeaseSubject {
  return { id: lease.id, installation: heartbeat.installation };
}
