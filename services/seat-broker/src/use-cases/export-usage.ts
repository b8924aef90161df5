import type { Uuid } from "@leasehold/kernel";
import { csvRow } from "../domain/csv-row.ts";
import type { Holder } from "../domain/holder.ts";
import type { Denial, Session, TimeRange, UsageRollup } from "../domain/usage.ts";
import { QUARTER_HOUR_MS } from "../domain/usage-spans.ts";
import { licenseCalled, type ReadUsagePorts } from "./read-usage.ts";

/** What can be exported. */
export type UsageTable = "sessions" | "denials" | "usage";

const CHUNK_ROWS = 500;

const PARTY = ["user", "host", "process", "application_version", "installation", "address"];
const HEADERS = {
  sessions: [
    "lease",
    ...PARTY,
    "seats",
    "features",
    "fencing_token",
    "grant_time",
    "end_time",
    "end",
    "overdraft",
    "borrowed",
  ],
  denials: [
    "lease",
    ...PARTY,
    "seats",
    "features",
    "cause",
    "feature",
    "live",
    "waiting",
    "attempts",
    "first_time",
    "last_time",
    "outcome",
    "grant_time",
  ],
  usage: ["start_time", "feature", "peak", "average", "seats", "grants", "denials", "true_denials"],
} satisfies Record<UsageTable, readonly string[]>;

/**
 * Exports a license's ledger as CSV, in chunks that end between rows; the first has the header.
 * @throws Problem NOT_FOUND if there is no license of this name
 */
export async function* exportUsage(
  ports: ReadUsagePorts,
  request: {
    readonly name: string;
    readonly table: UsageTable;
    readonly range: Partial<TimeRange>;
  },
): AsyncIterable<string> {
  const { name, table, range } = request;
  const license = await licenseCalled(ports, name);
  yield csvRow(HEADERS[table]);
  yield* CHUNKS[table](ports, license, range);
}

type Chunks = (
  ports: ReadUsagePorts,
  license: Uuid,
  range: Partial<TimeRange>,
) => AsyncIterable<string>;

const CHUNKS = {
  sessions: ({ reader }, license, range) =>
    chunks(
      (last: Session | undefined) =>
        reader.sessions(license, range, {
          after: last && { at: last.grantedAt, lease: last.lease },
          limit: CHUNK_ROWS,
        }),
      sessionRow,
    ),
  denials: ({ reader }, license, range) =>
    chunks(
      (last: Denial | undefined) =>
        reader.denials(license, range, {
          after: last && { at: last.firstAt, lease: last.lease },
          limit: CHUNK_ROWS,
        }),
      denialRow,
    ),
  usage: ({ reader }, license, range) =>
    chunks(
      (after: UsageRollup | undefined) =>
        reader.rollups(license, range, { after, limit: CHUNK_ROWS }),
      rollupRow,
    ),
} satisfies Record<UsageTable, Chunks>;

async function* chunks<Row>(
  read: (last: Row | undefined) => Promise<readonly Row[]>,
  write: (row: Row) => string,
): AsyncIterable<string> {
  let rows: readonly Row[] = [];
  do {
    rows = await read(rows.at(-1));
    if (rows.length > 0) yield rows.map(write).join("");
  } while (rows.length === CHUNK_ROWS);
}

function sessionRow(session: Session): string {
  const { lease, party, seats, features, fence, grantedAt, ended, overdraft, borrowed } = session;
  return csvRow([
    lease,
    ...partyCells(party),
    seats,
    features.join(" "),
    fence,
    timeCell(grantedAt),
    timeCell(ended?.at),
    ended?.end,
    overdraft,
    borrowed,
  ]);
}

function denialRow(denial: Denial): string {
  const { lease, party, seats, features, cause, feature, live, waiting, attempts } = denial;
  return csvRow([
    lease,
    ...partyCells(party),
    seats,
    features.join(" "),
    cause,
    feature,
    live,
    waiting,
    attempts,
    timeCell(denial.firstAt),
    timeCell(denial.lastAt),
    denial.outcome,
    timeCell(denial.grantedAt),
  ]);
}

function rollupRow(rollup: UsageRollup): string {
  const { startsAt, feature, peak, seatMs, seats, grants, denials, trueDenials } = rollup;
  const average = (seatMs / QUARTER_HOUR_MS).toFixed(3);
  return csvRow([timeCell(startsAt), feature, peak, average, seats, grants, denials, trueDenials]);
}

function partyCells(party: Holder) {
  const { user, host, process, applicationVersion, installation, address } = party;
  return [user, host, process, applicationVersion, `installations/${installation}`, address];
}

function timeCell(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
