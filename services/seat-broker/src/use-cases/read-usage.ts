import type { Clock, Uuid } from "@leasehold/kernel";
import { poolOfName } from "../domain/pool.ts";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type {
  Denial,
  DenialQuery,
  Session,
  SessionQuery,
  TimeRange,
  UsagePoint,
  UsagePosition,
  UsageTotals,
} from "../domain/usage.ts";
import type { PoolStore } from "./pool-ports.ts";
import type { LedgerState, UsageReader } from "./usage-ports.ts";

export interface ReadUsagePorts {
  readonly pools: Pick<PoolStore, "read">;
  readonly reader: UsageReader;
  readonly clock: Pick<Clock, "now">;
}

/** A page that is asked for. */
export interface PageRequest<Query> {
  /** `customers/{customer}/licenses/{license}`. */
  readonly name: string;
  readonly query: Query;
  readonly pageSize: number;
  readonly after: UsagePosition | undefined;
}

/** A page, the newest row at the front. */
export interface Page<Row> {
  readonly license: Uuid;
  readonly rows: readonly Row[];
  /** The last row, if more follow. */
  readonly next: Row | undefined;
}

/** How a license was used over time. */
export interface Usage extends UsageTotals, LedgerState {
  readonly points: readonly UsagePoint[];
  /** The first of those with the highest peak. */
  readonly highWaterMark: UsagePoint | undefined;
}

/** @throws Problem NOT_FOUND if there is no license of this name */
export async function listSessions(
  ports: ReadUsagePorts,
  { name, query, pageSize, after }: PageRequest<SessionQuery>,
): Promise<Page<Session>> {
  const license = await licenseCalled(ports, name);
  const page = { after, limit: pageSize + 1 };
  return pageOf(license, await ports.reader.sessions(license, query, page), pageSize);
}

/** @throws Problem NOT_FOUND if there is no license of this name */
export async function listDenials(
  ports: ReadUsagePorts,
  { name, query, pageSize, after }: PageRequest<DenialQuery>,
): Promise<Page<Denial>> {
  const license = await licenseCalled(ports, name);
  const page = { after, limit: pageSize + 1 };
  return pageOf(license, await ports.reader.denials(license, query, page), pageSize);
}

/**
 * Reads how a license was used.
 * @throws Problem NOT_FOUND if there is no license of this name
 */
export async function getUsage(
  ports: ReadUsagePorts,
  request: {
    readonly name: string;
    readonly feature: string;
    /** Whole spans. */
    readonly range: TimeRange;
    readonly spanMs: number;
  },
): Promise<Usage> {
  const { name, feature, range, spanMs } = request;
  const license = await licenseCalled(ports, name);
  // Open sessions have been held until now, not until the end of the range.
  const past = { from: range.from, until: Math.min(range.until, ports.clock.now()) };
  const [points, totals, state] = await Promise.all([
    ports.reader.points(license, feature, range, spanMs),
    past.from < past.until ? ports.reader.totals(license, feature, past) : NO_TOTALS,
    ports.reader.state(license),
  ]);
  const highest = Math.max(...points.map(({ peak }) => peak));
  const highWaterMark = points.find(({ peak }) => peak === highest);
  return { points, highWaterMark, ...totals, ...state };
}

const NO_TOTALS: UsageTotals = { users: [], hosts: [], features: [] };

/** @throws Problem NOT_FOUND if there is no license of this name */
export async function licenseCalled(
  { pools }: Pick<ReadUsagePorts, "pools">,
  name: string,
): Promise<Uuid> {
  const license = poolOfName(name);
  const pool = license === undefined ? undefined : await pools.read(license);
  if (pool?.name !== name) throw licenseNotFound();
  return pool.license;
}

function pageOf<Row>(license: Uuid, found: readonly Row[], pageSize: number): Page<Row> {
  const rows = found.slice(0, pageSize);
  return { license, rows, next: found.length > pageSize ? rows.at(-1) : undefined };
}
