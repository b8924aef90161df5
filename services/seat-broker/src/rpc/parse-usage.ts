import { seatBroker } from "@leasehold/contracts";
import { parseName, type Uuid, uuidBytes, uuidFromBytes } from "@leasehold/kernel";
import { type Check, parseRequest } from "@leasehold/service-kit";
import type { PageTokens } from "../domain/page-token.ts";
import type {
  DenialOutcome,
  DenialQuery,
  SessionQuery,
  TimeRange,
  UsagePosition,
} from "../domain/usage.ts";
import { DAY_MS, QUARTER_HOUR_MS } from "../domain/usage-spans.ts";
import type { DenialCause } from "../domain/ledger-entry.ts";
import type { UsageTable } from "../use-cases/export-usage.ts";
import { readPoolName } from "./pool-name.ts";
import type { PageRequest } from "../use-cases/read-usage.ts";

const LONGEST_TEXT = 200;
const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 500;
const LONGEST_RANGE_DAYS = { [QUARTER_HOUR_MS]: 31, [DAY_MS]: 1_830 };

/** A page that is asked for, and what its tokens are good for. */
export interface ParsedPage<Query> {
  readonly page: PageRequest<Query>;
  readonly scope: string;
}

const SESSION_STATES = {
  [seatBroker.SessionState.UNSPECIFIED]: undefined,
  [seatBroker.SessionState.OPEN]: true,
  [seatBroker.SessionState.ENDED]: false,
} as const satisfies Record<seatBroker.SessionState, boolean | undefined>;

const CAUSES = {
  [seatBroker.DenialCause.UNSPECIFIED]: undefined,
  [seatBroker.DenialCause.FULL]: "FULL",
  [seatBroker.DenialCause.FEATURE_FULL]: "FEATURE_FULL",
  [seatBroker.DenialCause.RESERVED]: "RESERVED",
  [seatBroker.DenialCause.DRAINED]: "DRAINED",
  [seatBroker.DenialCause.HOLDER_EXCLUDED]: "HOLDER_EXCLUDED",
  [seatBroker.DenialCause.FEATURE_NOT_LICENSED]: "FEATURE_NOT_LICENSED",
  [seatBroker.DenialCause.VERSION_NOT_COVERED]: "VERSION_NOT_COVERED",
  [seatBroker.DenialCause.INSTALLATION_DISABLED]: "INSTALLATION_DISABLED",
} as const satisfies Record<seatBroker.DenialCause, DenialCause | undefined>;

const OUTCOMES = {
  [seatBroker.DenialOutcome.UNSPECIFIED]: undefined,
  [seatBroker.DenialOutcome.OPEN]: "OPEN",
  [seatBroker.DenialOutcome.TRUE]: "TRUE",
  [seatBroker.DenialOutcome.SERVED]: "SERVED",
  [seatBroker.DenialOutcome.RETRY]: "RETRY",
} as const satisfies Record<seatBroker.DenialOutcome, DenialOutcome | undefined>;

const SPANS = {
  [seatBroker.UsageResolution.UNSPECIFIED]: QUARTER_HOUR_MS,
  [seatBroker.UsageResolution.QUARTER_HOUR]: QUARTER_HOUR_MS,
  [seatBroker.UsageResolution.DAY]: DAY_MS,
} as const satisfies Record<seatBroker.UsageResolution, number>;

const TABLES = {
  [seatBroker.UsageTable.UNSPECIFIED]: undefined,
  [seatBroker.UsageTable.SESSIONS]: "sessions",
  [seatBroker.UsageTable.DENIALS]: "denials",
  [seatBroker.UsageTable.USAGE]: "usage",
} as const satisfies Record<seatBroker.UsageTable, UsageTable | undefined>;

export function parseSessions(
  request: seatBroker.ListSessionsRequest,
  tokens: PageTokens,
): ParsedPage<SessionQuery> {
  return parseRequest((check) => {
    const { filter } = request;
    const query: SessionQuery = given({
      user: text(check, "filter.user", filter?.user),
      host: text(check, "filter.host", filter?.host),
      installation: installation(check, filter?.installation),
      feature: text(check, "filter.feature", filter?.feature),
      open: word(check, "filter.state", filter?.state, SESSION_STATES),
      ...range(check, "filter.", filter),
    });
    return parsePage(check, "sessions", request, query, tokens);
  });
}

export function parseDenials(
  request: seatBroker.ListDenialsRequest,
  tokens: PageTokens,
): ParsedPage<DenialQuery> {
  return parseRequest((check) => {
    const { filter } = request;
    const query: DenialQuery = given({
      user: text(check, "filter.user", filter?.user),
      host: text(check, "filter.host", filter?.host),
      cause: word(check, "filter.cause", filter?.cause, CAUSES),
      outcome: word(check, "filter.outcome", filter?.outcome, OUTCOMES),
      ...range(check, "filter.", filter),
    });
    return parsePage(check, "denials", request, query, tokens);
  });
}

/** What GetUsage asks for; its range is made of whole spans. */
export interface UsageQuery {
  readonly name: string;
  readonly feature: string;
  readonly range: TimeRange;
  readonly spanMs: number;
}

export function parseUsage(request: seatBroker.GetUsageRequest): UsageQuery {
  return parseRequest((check) => {
    license(check, request.parent);
    const from = check.timestamp("start_time", request.startTime);
    const until = check.timestamp("end_time", request.endTime);
    const spanMs = word(check, "resolution", request.resolution, SPANS) ?? QUARTER_HOUR_MS;
    const days = LONGEST_RANGE_DAYS[spanMs] ?? 0;
    if (until <= from || until - from > days * DAY_MS)
      check.violation("end_time", `must be after start_time, by ${days} days at most`);
    const whole = {
      from: Math.floor(from / spanMs) * spanMs,
      until: Math.ceil(until / spanMs) * spanMs,
    };
    const feature = text(check, "feature", request.feature) ?? "";
    return { name: request.parent, feature, range: whole, spanMs };
  });
}

/** What ExportUsage asks for. */
export interface ExportQuery {
  readonly name: string;
  readonly table: UsageTable;
  readonly range: Partial<TimeRange>;
}

export function parseExport(request: seatBroker.ExportUsageRequest): ExportQuery {
  return parseRequest((check) => {
    license(check, request.parent);
    const table = word(check, "table", request.table, TABLES);
    if (!table) check.violation("table", "must be one of the values of the contract");
    return {
      name: request.parent,
      table: table ?? "usage",
      range: given(range(check, "", request)),
    };
  });
}

function parsePage<Query>(
  check: Check,
  kind: string,
  request: { readonly parent: string; readonly pageSize: number; readonly pageToken: string },
  query: Query,
  tokens: PageTokens,
): ParsedPage<Query> {
  const { parent: name, pageSize, pageToken } = request;
  license(check, name);
  check.integer("page_size", pageSize, { min: 0, max: 2 ** 31 - 1 });
  const scope = JSON.stringify([kind, name, query]);
  const position = pageToken === "" ? undefined : tokens.read(scope, pageToken);
  if (pageToken !== "" && !position)
    check.violation("page_token", "must be one that was given out for the same filter");
  const after = position && positionOf(position);
  const size = Math.min(pageSize || DEFAULT_PAGE, LARGEST_PAGE);
  return { page: { name, query, pageSize: size, after }, scope };
}

/** The token of a row of the ledger. */
export function pageTokenOf(
  tokens: PageTokens,
  scope: string,
  { at, lease }: UsagePosition,
): string {
  const unit = Buffer.from(uuidBytes(lease)).toString("base64url");
  return tokens.write(scope, { expiry: at, unit });
}

function positionOf(position: { readonly expiry: number; readonly unit: string }): UsagePosition {
  const lease = uuidFromBytes(Buffer.from(position.unit, "base64url"));
  return { at: position.expiry, lease };
}

function license(check: Check, parent: string): void {
  readPoolName(check, "parent", parent);
}

function text(check: Check, field: string, value = ""): string | undefined {
  return check.text(field, value, { max: LONGEST_TEXT }) || undefined;
}

function installation(check: Check, name = ""): Uuid | undefined {
  if (name === "") return undefined;
  return check.uuid("filter.installation", parseName("installations/{id}", name)?.id ?? "");
}

/** What a value of an enum stands for; UNSPECIFIED where the filter has none. */
function word<Value>(
  check: Check,
  field: string,
  value: number | undefined,
  words: Readonly<Record<number, Value>>,
): Value | undefined {
  if (value !== undefined && !(value in words))
    check.violation(field, "must be one of the values of the contract");
  return words[value ?? 0];
}

function range(
  check: Check,
  path: string,
  given: { readonly startTime: Date | undefined; readonly endTime: Date | undefined } | undefined,
) {
  const time = (field: string, value: Date | undefined) =>
    value && check.timestamp(`${path}${field}`, value);
  return {
    from: time("start_time", given?.startTime),
    until: time("end_time", given?.endTime),
  };
}

type Given<Fields> = { [Field in keyof Fields]?: Exclude<Fields[Field], undefined> };

/** The same without fields that are `undefined`. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<Fields>;
}
