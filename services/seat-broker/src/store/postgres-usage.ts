import type { Uuid } from "@leasehold/kernel";
import { type Executor, first, run, statement } from "@leasehold/store-kit";
import type { UsageTotal, UsageTotals } from "../domain/usage.ts";
import type { UsageReader } from "../use-cases/usage-ports.ts";
import {
  denialOf,
  type DenialRow,
  pointOf,
  type PointRow,
  rollupOf,
  type RollupRow,
  sessionOf,
  type SessionRow,
} from "./usage-rows.ts";

type Maybe<Value> = Value | null;

interface TotalRow {
  readonly kind: "user" | "host" | "feature";
  readonly key: string;
  readonly seat_ms: bigint;
  readonly sessions: number;
}

const sql = (file: string) => new URL(`../../sql/${file}`, import.meta.url);

const listSessions = statement<
  SessionRow,
  readonly [
    license: Uuid,
    user: Maybe<string>,
    host: Maybe<string>,
    installation: Maybe<Uuid>,
    feature: Maybe<string>,
    open: Maybe<boolean>,
    from: Maybe<Date>,
    until: Maybe<Date>,
    afterTime: Maybe<Date>,
    afterLease: Maybe<Uuid>,
    limit: number,
  ]
>(sql("list_sessions.sql"));
const listDenials = statement<
  DenialRow,
  readonly [
    license: Uuid,
    user: Maybe<string>,
    host: Maybe<string>,
    cause: Maybe<string>,
    outcome: Maybe<string>,
    from: Maybe<Date>,
    until: Maybe<Date>,
    afterTime: Maybe<Date>,
    afterLease: Maybe<Uuid>,
    limit: number,
  ]
>(sql("list_denials.sql"));
const listPoints = statement<
  PointRow,
  readonly [license: Uuid, feature: string, from: Date, until: Date, spanMs: number]
>(sql("list_points.sql"));
const listRollups = statement<
  RollupRow,
  readonly [
    license: Uuid,
    from: Maybe<Date>,
    until: Maybe<Date>,
    afterStart: Maybe<Date>,
    afterFeature: Maybe<string>,
    limit: number,
  ]
>(sql("list_rollups.sql"));
const readTotals = statement<
  TotalRow,
  readonly [license: Uuid, feature: string, from: Date, until: Date]
>(sql("read_totals.sql"));
const readLedger = statement<
  { readonly dropped: bigint; readonly counted_until: Maybe<Date> },
  readonly [license: Uuid]
>(sql("read_ledger.sql"));

/** Reads the ledger in Postgres. */
export function postgresUsage(executor: Executor): UsageReader {
  return {
    sessions: async (license, query, { after, limit }) => {
      const rows = await run(executor, listSessions, [
        license,
        query.user ?? null,
        query.host ?? null,
        query.installation ?? null,
        query.feature ?? null,
        query.open ?? null,
        timeOf(query.from),
        timeOf(query.until),
        timeOf(after?.at),
        after?.lease ?? null,
        limit,
      ]);
      return rows.map(sessionOf);
    },
    denials: async (license, query, { after, limit }) => {
      const rows = await run(executor, listDenials, [
        license,
        query.user ?? null,
        query.host ?? null,
        query.cause ?? null,
        query.outcome ?? null,
        timeOf(query.from),
        timeOf(query.until),
        timeOf(after?.at),
        after?.lease ?? null,
        limit,
      ]);
      return rows.map(denialOf);
    },
    points: async (license, feature, { from, until }, spanMs) => {
      const params = [license, feature, new Date(from), new Date(until), spanMs] as const;
      return (await run(executor, listPoints, params)).map(pointOf);
    },
    totals: async (license, feature, { from, until }) => {
      const params = [license, feature, new Date(from), new Date(until)] as const;
      return totalsOf(await run(executor, readTotals, params));
    },
    rollups: async (license, { from, until }, { after, limit }) => {
      const rows = await run(executor, listRollups, [
        license,
        timeOf(from),
        timeOf(until),
        timeOf(after?.startsAt),
        after?.feature ?? null,
        limit,
      ]);
      return rows.map(rollupOf);
    },
    state: async (license) => {
      const row = await first(executor, readLedger, [license]);
      return { countedUntil: row?.counted_until?.getTime(), dropped: Number(row?.dropped ?? 0) };
    },
  };
}

function timeOf(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms);
}

function totalsOf(rows: readonly TotalRow[]): UsageTotals {
  const of = (kind: TotalRow["kind"]): readonly UsageTotal[] =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ key, seat_ms, sessions }) => ({ key, seatMs: Number(seat_ms), sessions }));
  return { users: of("user"), hosts: of("host"), features: of("feature") };
}
