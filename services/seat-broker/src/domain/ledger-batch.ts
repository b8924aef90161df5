import type { Uuid } from "@leasehold/kernel";
import type { LedgerCursor, LedgerEntry, Refused, SessionEnd, Taken } from "./ledger-entry.ts";

/** A lease as a batch of entries leaves it. Times in milliseconds since 1970. */
export interface SessionChange extends Taken {
  readonly lease: Uuid;
  readonly epoch: number;
  readonly grantedAt: number;
  readonly ended: SessionEnding | undefined;
}

/** How a session ended. */
export interface SessionEnding {
  readonly at: number;
  readonly end: SessionEnd;
}

/** The denials of one lease id within a batch. */
export interface DenialChange extends Refused {
  readonly lease: Uuid;
  readonly attempts: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What entries come to: one change for each lease, so that each is one row of one statement. */
export interface LedgerBatch {
  readonly sessions: readonly SessionChange[];
  /** Ends of leases that the batch knows nothing else of. */
  readonly ends: readonly ({ readonly lease: Uuid } & SessionEnding)[];
  readonly denials: readonly DenialChange[];
  readonly recovered:
    | { readonly epoch: number; readonly at: number; readonly learnedAt: number }
    | undefined;
  /** The last entry. */
  readonly cursor: LedgerCursor;
  /** How many entries are missing in between. */
  readonly dropped: number;
  /** When the earliest of it happened; `undefined` if nothing did that is counted. */
  readonly earliest: number | undefined;
}

/**
 * Folds entries of one license, in their order.
 * @param taken the last entry that was taken over before; it and earlier ones are passed over
 * @returns `undefined` if nothing is left
 */
export function foldEntries(
  entries: readonly LedgerEntry[],
  taken: LedgerCursor,
): LedgerBatch | undefined {
  const sessions = new Map<Uuid, SessionChange>();
  const ends = new Map<Uuid, { readonly lease: Uuid } & SessionEnding>();
  const denials = new Map<Uuid, DenialChange>();
  let recovered: LedgerBatch["recovered"];
  let cursor = taken;
  let dropped = 0;
  let earliest: number | undefined;
  for (const entry of entries) {
    if (!isLater(entry, cursor)) continue;
    dropped += missingBetween(cursor, entry);
    cursor = { epoch: entry.epoch, number: entry.number };
    if (entry.kind !== "recovered") earliest = Math.min(entry.at, earliest ?? entry.at);
    switch (entry.kind) {
      case "taken":
        ends.delete(entry.lease);
        sessions.set(entry.lease, taking(entry, sessions.get(entry.lease)));
        break;
      case "ended": {
        const { lease, at, end } = entry;
        const session = sessions.get(lease);
        if (session)
          sessions.set(lease, { ...session, ended: { end, at: Math.max(at, session.grantedAt) } });
        else ends.set(lease, { lease, at, end });
        break;
      }
      case "denied":
        denials.set(entry.lease, denying(entry, denials.get(entry.lease)));
        break;
      case "recovered":
        recovered = { epoch: entry.epoch, at: entry.at, learnedAt: entry.learnedAt };
        break;
    }
  }
  if (cursor === taken) return undefined;
  return {
    sessions: [...sessions.values()],
    ends: [...ends.values()],
    denials: [...denials.values()],
    recovered,
    cursor,
    dropped,
    earliest,
  };
}

function isLater({ epoch, number }: LedgerCursor, than: LedgerCursor): boolean {
  return epoch > than.epoch || (epoch === than.epoch && number > than.number);
}

/** After a loss of data the numbers begin anew; then only what is missing since is known. */
function missingBetween(before: LedgerCursor, { number }: LedgerCursor): number {
  return number - 1 - (number > before.number ? before.number : 0);
}

function taking(
  entry: Extract<LedgerEntry, { kind: "taken" }>,
  before: SessionChange | undefined,
): SessionChange {
  const { at, epoch, lease, fence, party, seats, features, unit, overdraft, borrowed, live } =
    entry;
  return {
    lease,
    epoch,
    fence,
    seats,
    features,
    unit,
    overdraft,
    borrowed,
    party: before ? filledIn(party, before.party) : party,
    live: before?.live || live,
    grantedAt: before?.grantedAt ?? at,
    // Whoever is heard of lives.
    ended: undefined,
  };
}

/** Who came back after a loss of data may be known from before. */
function filledIn(party: Taken["party"], before: Taken["party"]): Taken["party"] {
  return {
    installation: party.installation,
    user: party.user || before.user,
    host: party.host || before.host,
    process: party.process || before.process,
    applicationVersion: party.applicationVersion || before.applicationVersion,
    address: party.address || before.address,
  };
}

function denying(
  entry: Extract<LedgerEntry, { kind: "denied" }>,
  before: DenialChange | undefined,
): DenialChange {
  const { at, lease, party, seats, features, cause, feature, live, waiting } = entry;
  return {
    lease,
    party,
    seats,
    features,
    cause,
    feature,
    live,
    waiting,
    attempts: (before?.attempts ?? 0) + 1,
    firstAt: Math.min(at, before?.firstAt ?? at),
    lastAt: Math.max(at, before?.lastAt ?? at),
  };
}
