import type { Uuid } from "@leasehold/kernel";
import {
  type Executor,
  first,
  one,
  type Postgres,
  run,
  statement,
  type Transaction,
  transaction,
} from "@leasehold/store-kit";
import type { DenialChange, LedgerBatch, SessionChange } from "../domain/ledger-batch.ts";
import type { Holder } from "../domain/holder.ts";
import { DENIAL_WINDOW_MS, QUARTER_HOUR_MS } from "../domain/usage-spans.ts";
import type { UsageStore } from "../use-cases/usage-ports.ts";

const sql = (file: string) => new URL(`../../sql/${file}`, import.meta.url);

const ensureLedgers = statement<never, readonly [licenses: readonly Uuid[]]>(
  sql("ensure_ledgers.sql"),
);
const lockLedgers = statement<
  { readonly license: Uuid; readonly epoch: bigint; readonly number: bigint },
  readonly [licenses: readonly Uuid[]]
>(sql("lock_ledgers.sql"));
const advanceLedgers = statement<never, readonly [ledgers: string]>(sql("advance_ledgers.sql"));
const keepSessions = statement<never, readonly [sessions: string]>(sql("keep_sessions.sql"));
const endSessions = statement<
  never,
  readonly [licenses: Uuid[], leases: Uuid[], times: Date[], reasons: string[]]
>(sql("end_sessions.sql"));
const keepDenials = statement<never, readonly [denials: string]>(sql("keep_denials.sql"));
const listLicenses = statement<{ readonly license: Uuid }, readonly [after: Uuid | null]>(
  sql("list_licenses.sql"),
);
const listInUse = statement<{ readonly license: Uuid }, readonly [after: Uuid | null]>(
  sql("list_in_use.sql"),
);
const findUncertain = statement<{ readonly license: Uuid; readonly open: readonly Uuid[] }>(
  sql("find_uncertain.sql"),
);
const settleUncertain = statement<never, readonly [license: Uuid, lost: readonly Uuid[], at: Date]>(
  sql("settle_uncertain.sql"),
);
const loseSessions = statement<{ readonly lease: Uuid }, readonly [now: Date]>(
  sql("lose_sessions.sql"),
);
const takeUncounted = statement<
  { readonly license: Uuid; readonly from: Date; readonly until: Date },
  readonly [until: Date]
>(sql("take_uncounted.sql"));
const settleDenials = statement<
  never,
  readonly [license: Uuid, from: Date, until: Date, windowMs: number]
>(sql("settle_denials.sql"));
const rollUp = statement<never, readonly [license: Uuid, from: Date, until: Date]>(
  sql("roll_up.sql"),
);
const markCounted = statement<never, readonly [license: Uuid, until: Date]>(
  sql("mark_counted.sql"),
);
const pruneUsage = statement<{ readonly pruned: bigint }, readonly [sessions: Date, rollups: Date]>(
  sql("prune_usage.sql"),
);

/** The ledger in Postgres. */
export function postgresLedger(postgres: Postgres): UsageStore {
  return {
    open: async (licenses, work) => {
      await run(postgres, ensureLedgers, [licenses]);
      return transaction(postgres, async (tx) => {
        const rows = await run(tx, lockLedgers, [licenses]);
        const cursors = new Map(
          rows.map(({ license, epoch, number }) => [
            license,
            { epoch: Number(epoch), number: Number(number) },
          ]),
        );
        return work({ cursors, keep: (batches) => keep(tx, batches) });
      });
    },
    licenses: async (after) =>
      (await run(postgres, listLicenses, [after ?? null])).map(({ license }) => license),
    inUse: async (after) =>
      (await run(postgres, listInUse, [after ?? null])).map(({ license }) => license),
    uncertain: () => first(postgres, findUncertain, []),
    settle: async (license, lost, at) => {
      await run(postgres, settleUncertain, [license, lost, new Date(at)]);
    },
    loseSessions: async (now) => (await run(postgres, loseSessions, [new Date(now)])).length,
    rollUp: (until) => transaction(postgres, (tx) => countUsage(tx, new Date(until))),
    prune: async ({ sessions, rollups }) => {
      const params = [new Date(sessions), new Date(rollups)] as const;
      return Number((await one(postgres, pruneUsage, params)).pruned);
    },
  };
}

async function countUsage(tx: Transaction, upTo: Date): Promise<boolean> {
  const uncounted = await first(tx, takeUncounted, [upTo]);
  if (!uncounted) return false;
  const { license, from, until } = uncounted;
  await run(tx, settleDenials, [license, from, until, DENIAL_WINDOW_MS]);
  await run(tx, rollUp, [license, from, until]);
  await run(tx, markCounted, [license, until]);
  return true;
}

async function keep(tx: Executor, batches: ReadonlyMap<Uuid, LedgerBatch>): Promise<void> {
  const all = <T, Row>(
    of: (batch: LedgerBatch) => readonly T[],
    row: (license: Uuid, one: T) => Row,
  ) => [...batches].flatMap(([license, batch]) => of(batch).map((one) => row(license, one)));
  const sessions = all((batch) => batch.sessions, sessionRow);
  if (sessions.length > 0) await run(tx, keepSessions, [JSON.stringify(sessions)]);
  const ends = all(
    (batch) => batch.ends,
    (license, end) => ({ license, ...end }),
  );
  if (ends.length > 0)
    await run(tx, endSessions, [
      ends.map(({ license }) => license),
      ends.map(({ lease }) => lease),
      ends.map(({ at }) => new Date(at)),
      ends.map(({ end }) => end),
    ]);
  const denials = all((batch) => batch.denials, denialRow);
  if (denials.length > 0) await run(tx, keepDenials, [JSON.stringify(denials)]);
  const ledgers = [...batches].map(([license, batch]) => ledgerRow(license, batch));
  await run(tx, advanceLedgers, [JSON.stringify(ledgers)]);
}

function ledgerRow(license: Uuid, batch: LedgerBatch) {
  const { cursor, dropped, recovered } = batch;
  return {
    license,
    ...cursor,
    dropped,
    recovered_epoch: recovered?.epoch ?? null,
    recovered_time: recovered ? new Date(recovered.at) : null,
    learned_time: recovered ? new Date(recovered.learnedAt) : null,
    count_from: countFrom(batch),
  };
}

/** A grant tells what came of denials up to a window before it. */
function countFrom({ earliest }: LedgerBatch): Date | null {
  if (earliest === undefined) return null;
  const from = earliest - DENIAL_WINDOW_MS;
  return new Date(from - (from % QUARTER_HOUR_MS));
}

function sessionRow(license: Uuid, session: SessionChange) {
  const { lease, epoch, fence, party, seats, features, unit, overdraft, borrowed, live } = session;
  return {
    license,
    lease,
    epoch,
    fence: String(fence),
    seats,
    features,
    unit,
    overdraft,
    borrowed,
    live,
    ...partyRow(party),
    granted_time: new Date(session.grantedAt),
    ended_time: session.ended ? new Date(session.ended.at) : null,
    end_reason: session.ended?.end ?? null,
  };
}

function denialRow(license: Uuid, denial: DenialChange) {
  const { lease, party, seats, features, cause, feature, live, waiting, attempts } = denial;
  return {
    license,
    lease,
    seats,
    features,
    cause,
    feature,
    live,
    waiting,
    attempts,
    ...partyRow(party),
    first_time: new Date(denial.firstAt),
    last_time: new Date(denial.lastAt),
  };
}

function partyRow({ installation, user, host, process, applicationVersion, address }: Holder) {
  const application_version = applicationVersion;
  return { installation, user_name: user, host, process, application_version, address };
}
