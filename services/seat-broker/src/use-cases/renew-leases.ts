import { isProblem, type Uuid } from "@leasehold/kernel";
import { entriesOf } from "../domain/claim.ts";
import type { LeaseFacts, TokenKeys } from "../domain/lease-token.ts";
import type {
  BrokerEvents,
  Extension,
  LeaseOutcome,
  Returner,
  SeatStore,
  Undecided,
} from "./ports.ts";
import { decide, type DecidePorts, setRight } from "./decide.ts";
import { type Apart, selfClockedLanes } from "./self-clocked.ts";
import { urgentFirst } from "./urgent-first.ts";

/** A lease that its holder has proved to be its own. */
export interface ProvenLease {
  /** What it is called within its pool. */
  readonly member: string;
  readonly fence: bigint;
  /** What it takes, packed. */
  readonly claim: string;
  /**
   * When it ends, in milliseconds of Redis' clock, by what was proved, and then by what was renewed, which is put down here: not by
   * what its holder says now.
   */
  expiry: number;
}

/** What its holder shows of a lease, to have it renewed. */
export interface ShownLease {
  /** Of 32 bytes. */
  readonly leaseId: Buffer;
  /** The newest one; looked at again only after a loss of data. */
  readonly token: Uint8Array;
}

/** What became of a lease. "retry": nothing could be decided. */
export type Renewal = Renewed | { readonly kind: "expired" | "revoked" | "retry" };

/** The same for all leases that were renewed together. */
export interface Renewed {
  readonly kind: "renewed";
  readonly validityMs: number;
  readonly epoch: number;
  /** When the seat becomes free, in milliseconds of Redis' clock. */
  readonly expiry: number;
}

/** What the next token of a lease says. */
export function renewedFacts(
  { fence, claim }: ProvenLease,
  { epoch, expiry }: Renewed,
): LeaseFacts {
  return { fence, epoch, expiry, claim };
}

/** Leases of one pool and one holder. */
export interface HeldLeases {
  readonly license: Uuid;
  readonly installation: Uuid;
  readonly leases: readonly ProvenLease[];
  /** One for each. */
  readonly shown: readonly ShownLease[];
}

/** Renews leases; answers each, in their order. Never rejects. */
export type RenewLeases = (held: HeldLeases) => Promise<readonly Renewal[]>;

export interface RenewLeasesPorts extends DecidePorts {
  readonly seats: SeatStore;
  readonly tokens: TokenKeys;
  readonly events: BrokerEvents;
  readonly apart: Apart;
}

/** Leases that were handed in together, and are answered together. */
interface Heartbeat extends HeldLeases {
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
/** A call of so many costs Redis little more for each of them than one of the most. */
const ENOUGH = 128;
/** Nor one round trip, whose last call would run into its time limit. Some 20 ms of Redis' time. */
const TRIP_LIMIT = 5_000;
/**
 * So many are done in some two seconds. Beyond, whoever is told to come again costs less than one who waits, and takes less from
 * the others of the time in which they would have been renewed.
 */
const MOST_WAITING = 100_000;

const EXPIRED: Renewal = { kind: "expired" };
const REVOKED: Renewal = { kind: "revoked" };
const RETRY: Renewal = { kind: "retry" };
const NOTHING_SHOWN: ShownLease = { leaseId: Buffer.alloc(0), token: Buffer.alloc(0) };

/** Renewals of all streams and calls go to a Redis together, many in one round trip. */
export function leaseRenewer(ports: RenewLeasesPorts): RenewLeases {
  const backlog = () =>
    urgentFirst<Waiting>({
      endsAt: ({ lease }) => lease.expiry,
      mostTaken: TRIP_LIMIT,
      mostWaiting: MOST_WAITING,
      refuse: (waiting) => settleAll(waiting, RETRY),
    });
  const clocking = { apart: ports.apart, enough: ENOUGH, backlog };
  const put = selfClockedLanes<Waiting>(clocking, (waiting, again) =>
    roundTrip(ports, waiting, again),
  );
  return (held) => {
    const { license, leases } = held;
    if (leases.length === 0) return Promise.resolve([]);
    return new Promise((answer) => {
      const renewals = leases.map(() => RETRY);
      const heartbeat: Heartbeat = { ...held, renewals, answer, open: leases.length };
      const waiting = leases.map((lease, index): Waiting => ({
        heartbeat,
        index,
        lease,
        repeated: false,
      }));
      put(ports.seats.nodeOf(license), waiting);
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
    if (outcome?.kind === "decided") void readmit(ports, license, settleDecided(batch, outcome));
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
      batches.push({ license, waiting, members: waiting.map(({ lease }) => lease.member) });
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
  waiting: readonly Waiting[],
  decided: Extension & { readonly outcomes: readonly LeaseOutcome[] },
): readonly Waiting[] {
  const { epoch, now, validityMs, graceMs, outcomes } = decided;
  const renewed: Renewed = {
    kind: "renewed",
    validityMs,
    epoch,
    expiry: now + validityMs + graceMs,
  };
  const unknown: Waiting[] = [];
  for (const [index, one] of waiting.entries()) {
    const outcome = outcomes[index];
    if (outcome === "unknown") unknown.push(one);
    else if (outcome === "revoked") settle(one, REVOKED);
    else if (outcome === "gone") settle(one, EXPIRED);
    else {
      one.lease.expiry = renewed.expiry;
      settle(one, renewed);
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
  const returners = unknown.map((one) => returnerOf(ports.tokens, one));
  try {
    const ask = () => ports.seats.readmit(license, returners);
    const outcome = await decide(ports, license, ask);
    settleAll(settleDecided(unknown, outcome), RETRY);
  } catch (error) {
    if (!isProblem(error)) ports.events.renewalsFailed(error);
    settleAll(unknown, RETRY);
  }
}

function returnerOf(tokens: TokenKeys, { heartbeat, index, lease }: Waiting): Returner {
  const { installation, shown } = heartbeat;
  const { member, fence, claim } = lease;
  const { leaseId, token } = shown[index] ?? NOTHING_SHOWN;
  const facts = tokens.read({ id: { bytes: leaseId }, installation }, token);
  // A token that does not verify has run out since ever.
  return { member, installation, fence, claim, expiry: facts?.expiry ?? 0 };
}
