import { type Clock, newUuid, type Problem, type RandomBytes } from "@leasehold/kernel";
import type { BorrowClaims } from "@leasehold/license-format";
import { borrowClaims } from "../domain/borrow.ts";
import { accessFault } from "../domain/pool-access.ts";
import type { TokenKeys } from "../domain/lease-token.ts";
import { type TermsVersion, versionOf } from "../domain/pool.ts";
import * as problems from "../domain/seat-problems.ts";
import { decide, type DecidePorts } from "./decide.ts";
import { refusedAccess } from "./decide-claim.ts";
import type {
  BorrowOutcome,
  BorrowRequest,
  BorrowStore,
  LendingSeatStore,
} from "./borrow-ports.ts";
import type { Undecided } from "./ports.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import { unavailable } from "./unavailable.ts";

/** Signs the file of a borrowed seat. */
export type SignBorrow = (claims: BorrowClaims) => Promise<string>;

/** Who wants to rely on which seat without heartbeats, and for how long. */
export interface BorrowOrder extends BorrowRequest {
  readonly token: Uint8Array;
  readonly durationMs: number;
  /** As the installation's certificate names them. */
  readonly licenseName: string;
  readonly product: string;
  readonly publicKeyThumbprint: string;
}

export interface BorrowedSeat {
  /** In milliseconds of Redis' clock. */
  readonly endTime: number;
  /** The file. */
  readonly borrow: string;
}

export interface BorrowSeatPorts extends DecidePorts {
  readonly seats: LendingSeatStore;
  readonly borrows: BorrowStore;
  readonly tokens: TokenKeys;
  /** `undefined` while nobody could verify what is signed: then no seat is borrowed. */
  readonly borrowSigner: () => SignBorrow | undefined;
  readonly deployment: string;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
}

type Borrowed = Extract<BorrowOutcome, { readonly kind: "borrowed" }>;
type Refusal = Exclude<BorrowOutcome, Borrowed | Undecided | { readonly kind: "not-borrowed" }>;

const DAY_MS = 86_400_000;
const ATTEMPTS = 2;
const SOON_MS = 500;

/**
 * Makes a lease a borrowed one, or keeps a borrowed one for longer. May be repeated.
 *
 * Whoever has the file relies on the seat without asking, so it is made last. First Redis keeps
 * the seat: whatever happens next, nobody else gets it. Then Postgres remembers it for a pool
 * that loses its data, unless the pool was set up anew meanwhile: that one may already have been
 * given back what Postgres remembered before. Then Redis is asked whether it still has it. From
 * there on every pool has it, or is given it back.
 * What fails in between keeps the seat for its holder, who may repeat the call or release it.
 * It is not undone: that could overtake a repetition which succeeded.
 * @throws Problem that says why the seat is not borrowed
 */
export async function borrowSeat(
  ports: BorrowSeatPorts,
  order: BorrowOrder,
): Promise<BorrowedSeat> {
  const { id, installation, token } = order;
  await refuseForeign(ports.terms, order);
  if (!ports.tokens.read({ id, installation }, token)) throw problems.leaseTokenInvalid();
  const sign = ports.borrowSigner();
  if (!sign) throw problems.borrowRefused(0);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const borrowed = await keptEverywhere(ports, order);
    if (borrowed) return seatOf(ports, order, borrowed, sign);
  }
  throw problems.recovering(SOON_MS);
}

/** @returns `undefined` if the pool was set up anew meanwhile */
async function keptEverywhere(
  ports: BorrowSeatPorts,
  order: BorrowOrder,
): Promise<Borrowed | undefined> {
  const { seats, borrows } = ports;
  const { license, durationMs } = order;
  // Not the pool's own: of two brokers that set a pool up at once one takes an epoch in vain.
  const epoch = await borrows.epochOf(license);
  if (epoch === undefined) throw problems.licenseNotFound();
  const extended = await decide(ports, license, async () => {
    const version = await allowedBy(ports, order);
    return seats.borrow(order, { ...version, durationMs });
  });
  const borrowed = borrowedOf(extended);
  if (!borrowed || !(await borrows.keep(borrowed.lease, epoch))) return undefined;
  const still = await decide(ports, license, () => seats.findBorrowed(order));
  return borrowedOf(still) && borrowed;
}

/** @returns `undefined` if it is not borrowed */
function borrowedOf(outcome: Exclude<BorrowOutcome, Undecided>): Borrowed | undefined {
  if (outcome.kind === "not-borrowed") return undefined;
  if (outcome.kind !== "borrowed") throw refused(outcome);
  return outcome;
}

/**
 * The version of the terms that allow it. Terms that were read a while ago may allow what the
 * script then refuses; they refuse nothing before they have been read again.
 */
async function allowedBy(
  { terms }: BorrowSeatPorts,
  { license, byLicense, durationMs }: BorrowOrder,
): Promise<TermsVersion> {
  const allows = (days: number) => durationMs <= days * DAY_MS;
  const known = await terms.of(license);
  const hasAccess = accessFault(known, byLicense) === undefined;
  if (hasAccess && allows(known.terms.policy.offlineDays)) return versionOf(known);
  const newest = await terms.refresh(license);
  const fault = accessFault(newest, byLicense);
  if (fault !== undefined) throw refusedAccess(fault);
  const { offlineDays } = newest.terms.policy;
  if (!allows(offlineDays)) throw problems.borrowRefused(offlineDays);
  return versionOf(newest);
}

async function seatOf(
  { deployment, clock, random }: BorrowSeatPorts,
  { product, licenseName, publicKeyThumbprint }: BorrowOrder,
  { lease, now }: Borrowed,
  sign: SignBorrow,
): Promise<BorrowedSeat> {
  const endTime = now + lease.endsInMs;
  const id = newUuid(clock, random);
  const owner = { deployment, product, license: licenseName, publicKeyThumbprint };
  const borrow = await sign(borrowClaims(lease, { ...owner, id, issuedAt: now, endTime }));
  return { endTime, borrow };
}

function refused(outcome: Refusal): Problem {
  if (outcome.kind === "taken") return problems.leaseIdTaken();
  return outcome.kind === "drained" ? problems.poolDrained() : unavailable(outcome);
}
