import type { Holder } from "../domain/holder.ts";
import type { Uuid } from "@leasehold/kernel";
import type { DenialCause, SessionEnd } from "../domain/ledger-entry.ts";
import type { Denial, DenialOutcome, Session, UsagePoint, UsageRollup } from "../domain/usage.ts";

interface PartyRow {
  readonly installation: Uuid;
  readonly user_name: string;
  readonly host: string;
  readonly process: string;
  readonly application_version: string;
  readonly address: string;
}

export interface SessionRow extends PartyRow {
  readonly lease: Uuid;
  readonly fence: bigint;
  readonly seats: number;
  readonly features: readonly string[];
  readonly overdraft: boolean;
  readonly borrowed: boolean;
  readonly granted_time: Date;
  readonly ended_time: Date | null;
  readonly end_reason: SessionEnd | null;
}

export interface DenialRow extends PartyRow {
  readonly lease: Uuid;
  readonly seats: number;
  readonly features: readonly string[];
  readonly cause: DenialCause;
  readonly feature: string;
  readonly live: number;
  readonly waiting: number;
  readonly attempts: number;
  readonly first_time: Date;
  readonly last_time: Date;
  readonly outcome: DenialOutcome;
  readonly granted_time: Date | null;
}

export interface PointRow {
  readonly start_time: Date;
  readonly peak: number;
  readonly seat_ms: bigint;
  readonly seats: number;
  readonly grants: number;
  readonly denials: number;
  readonly true_denials: number;
}

export interface RollupRow extends PointRow {
  readonly feature: string;
}

export function sessionOf(row: SessionRow): Session {
  const { lease, fence, seats, features, overdraft, borrowed, ended_time, end_reason } = row;
  return {
    lease,
    fence,
    seats,
    features,
    overdraft,
    borrowed,
    party: partyOf(row),
    grantedAt: row.granted_time.getTime(),
    ended: ended_time && end_reason ? { at: ended_time.getTime(), end: end_reason } : undefined,
  };
}

export function denialOf(row: DenialRow): Denial {
  const { lease, seats, features, cause, feature, live, waiting, attempts, outcome } = row;
  return {
    lease,
    seats,
    features,
    cause,
    feature,
    live,
    waiting,
    attempts,
    outcome,
    party: partyOf(row),
    firstAt: row.first_time.getTime(),
    lastAt: row.last_time.getTime(),
    grantedAt: row.granted_time?.getTime(),
  };
}

export function pointOf(row: PointRow): UsagePoint {
  const { peak, seats, grants, denials } = row;
  return {
    peak,
    seats,
    grants,
    denials,
    startsAt: row.start_time.getTime(),
    seatMs: Number(row.seat_ms),
    trueDenials: row.true_denials,
  };
}

export function rollupOf(row: RollupRow): UsageRollup {
  return { ...pointOf(row), feature: row.feature };
}

function partyOf(row: PartyRow): Holder {
  const { installation, user_name, host, process, application_version, address } = row;
  const names = { user: user_name, applicationVersion: application_version };
  return { installation, host, process, address, ...names };
}
