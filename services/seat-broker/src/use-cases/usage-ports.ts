import type { Uuid } from "@leasehold/kernel";
import type { LedgerBatch } from "../domain/ledger-batch.ts";
import type { Denied, LedgerCursor, LedgerEntry } from "../domain/ledger-entry.ts";
import type { LeaseId } from "../domain/lease-id.ts";
import type {
  Denial,
  DenialQuery,
  Session,
  SessionQuery,
  TimeRange,
  UsagePoint,
  UsagePosition,
  UsageRollup,
  UsageTotals,
} from "../domain/usage.ts";

/** An entry as the stream delivers it. */
export interface DeliveredEntry {
  readonly id: string;
  /** Absent if it was dropped meanwhile, or says what this broker does not understand. */
  readonly entry: LedgerEntry | undefined;
}

/** The ledger's entries on their way to Postgres, a stream for each license in Redis. */
export interface LedgerStream {
  /** How many entries each license has. */
  count(licenses: readonly Uuid[]): Promise<readonly number[]>;
  /** The oldest entries of each, at most so many: what was delivered before and not forgotten comes again. */
  read(licenses: readonly Uuid[], limit: number): Promise<readonly (readonly DeliveredEntry[])[]>;
  /** Lets entries go that are in Postgres. */
  forget(of: readonly { readonly license: Uuid; readonly ids: readonly string[] }[]): Promise<void>;
  /** Those leases, of at most 500, that Redis does not know any more. */
  missing(license: Uuid, leases: readonly Uuid[]): Promise<readonly Uuid[]>;
}

/** Records what is refused without asking Redis. */
export interface DenialRecorder {
  /** @returns whether there is a ledger: not before the license's first pool is set up */
  recordDenial(license: Uuid, id: LeaseId, denied: Denied): Promise<boolean>;
}

/** Ledgers of licenses in Postgres, while nobody else takes entries over. */
export interface OpenLedgers {
  /** The last entry of each that was taken over; those that somebody else has are not in it. */
  readonly cursors: ReadonlyMap<Uuid, LedgerCursor>;
  keep(batches: ReadonlyMap<Uuid, LedgerBatch>): Promise<void>;
}

/** The ledger in Postgres. */
export interface UsageStore {
  /** Does the work in one transaction that owns the ledgers of those licenses that nobody else has. */
  open<T>(licenses: readonly Uuid[], work: (ledgers: OpenLedgers) => Promise<T>): Promise<T>;
  /** Licenses that there are pools of, in their order, behind this one; at most 500. */
  licenses(after: Uuid | undefined): Promise<readonly Uuid[]>;
  /** Licenses with open sessions, in their order, behind this one; at most 500. */
  inUse(after: Uuid | undefined): Promise<readonly Uuid[]>;
  /** A license that lost entries, with its open sessions, at most 5,000; `undefined` if there is none. */
  uncertain(): Promise<UncertainLedger | undefined>;
  /** Ends sessions that nobody knows of; what the ledger says later counts more. */
  settle(license: Uuid, lost: readonly Uuid[], at: number): Promise<void>;
  /** Ends a number of sessions whose holders did not come back after a loss of data; tells how many. */
  loseSessions(now: number): Promise<number>;
  /**
   * Settles denials and counts usage of one license, up to an hour of it.
   * @param until a quarter of an hour; everything before it is known
   * @returns whether there was a license to count
   */
  rollUp(until: number): Promise<boolean>;
  /** Deletes a number of rows that are older; tells how many. */
  prune(before: { readonly sessions: number; readonly rollups: number }): Promise<number>;
}

/** A license whose open sessions may be over. */
export interface UncertainLedger {
  readonly license: Uuid;
  readonly open: readonly Uuid[];
}

/** A page of what a query finds, the newest at the front: behind a position, so many rows at most. */
export interface UsagePage {
  readonly after: UsagePosition | undefined;
  readonly limit: number;
}

/** How far a ledger's usage is counted, and how many entries it lost. */
export interface LedgerState {
  readonly countedUntil: number | undefined;
  readonly dropped: number;
}

/** Reads the ledger in Postgres. */
export interface UsageReader {
  sessions(license: Uuid, query: SessionQuery, page: UsagePage): Promise<readonly Session[]>;
  denials(license: Uuid, query: DenialQuery, page: UsagePage): Promise<readonly Denial[]>;
  /** The points of a pool (feature "") or a feature, in the order of time. */
  points(
    license: Uuid,
    feature: string,
    range: TimeRange,
    spanMs: number,
  ): Promise<readonly UsagePoint[]>;
  /** The 100 largest of each kind, of sessions that used the feature or, if it is "", of all. */
  totals(license: Uuid, feature: string, range: TimeRange): Promise<UsageTotals>;
  /** Quarters of an hour of the pool and each feature, the earliest first. */
  rollups(
    license: Uuid,
    range: Partial<TimeRange>,
    page: { readonly after: UsageRollup | undefined; readonly limit: number },
  ): Promise<readonly UsageRollup[]>;
  state(license: Uuid): Promise<LedgerState>;
}

/** Told of what happens to the ledger. */
export interface UsageEvents {
  readonly usageNotTaken: (error: unknown) => void;
  readonly usageNotKept: (error: unknown) => void;
  readonly usageEntriesDropped: (license: Uuid, count: number) => void;
  readonly usageEntryUnreadable: (license: Uuid, entry: string) => void;
}
