/** What a figure must be; one that is only reported can fail nothing. */
type Limit =
  | { readonly kind: "at-least"; readonly value: number }
  | { readonly kind: "at-most"; readonly value: number }
  | { readonly kind: "reported" };

export interface FigureSpec {
  readonly what: string;
  readonly limit: Limit;
}

const atLeast = (value: number): Limit => ({ kind: "at-least", value });
const atMost = (value: number): Limit => ({ kind: "at-most", value });
const REPORTED: Limit = { kind: "reported" };

/** Every figure that a bar may tell. Ratios are of medians of one interleaved run. */
export const FIGURES = {
  acquireVsEcho: { what: "AcquireSeat ÷ echo of the same messages", limit: atLeast(0.8) },
  renewVsEcho: { what: "unary RenewSeats ÷ echo of the same messages", limit: atLeast(0.85) },
  keepAliveVsEcho: { what: "KeepAlive ÷ stream echo of the same messages", limit: atLeast(0.7) },
  keepAliveVsUnary: { what: "KeepAlive renewals ÷ unary renewals", limit: atLeast(5) },
  keepAliveVsEtcd: { what: "KeepAlive renewals ÷ etcd lease keepalives", limit: atLeast(4.5) },
  keepAliveBulkVsEtcd: { what: "the same, 10 leases a message", limit: atLeast(12) },
  acquireVsEtcd: { what: "AcquireSeat ÷ etcd lease grant, both on disk", limit: atLeast(1.3) },
  telemetryKeeps: { what: "default telemetry on ÷ off", limit: atLeast(0.9) },
  acquireP99VsEcho: { what: "p99 of 1,000 acquires/s ÷ p99 of the echo", limit: atMost(3) },
  poolGrowth: { what: "acquire p50 in a large pool ÷ in a small one", limit: atMost(1.25) },
  twoBrokers: { what: "two seat-brokers ÷ one, KeepAlive", limit: atLeast(1.4) },
  bytesPerSeat: { what: "memory of Redis for a live seat", limit: atMost(320) },
  bytesPerStream: { what: "memory of the seat-broker for an idle stream", limit: atMost(30_000) },
  millionKept: { what: "share of beats answered within 5 s", limit: atLeast(1) },
  millionLost: { what: "seats lost meanwhile", limit: atMost(0) },
  millionP99Ms: { what: "p99 of AcquireSeat meanwhile, in ms", limit: REPORTED },
  millionKilledKept: { what: "share of seats kept over a killed seat-broker", limit: atLeast(1) },
  millionKilledLost: { what: "seats lost over a killed seat-broker", limit: atMost(0) },
  changeP99Ms: { what: "change in the issuer → 1,000 clients, p99 in ms", limit: atMost(2_000) },
  serviceReadyMs: { what: "start of a seat-broker until it serves, in ms", limit: atMost(1_000) },
  sdkImportMs: { what: "import of the client library, in ms", limit: atMost(100) },
  cliHelpMs: { what: "`leasehold --help`, in ms", limit: atMost(150) },
  claimVsPeer: { what: "AcquireSeat ÷ the peer's claim over HTTP", limit: REPORTED },
  heartbeatVsPeer: { what: "KeepAlive renewals ÷ the peer's heartbeats", limit: REPORTED },
} as const satisfies Readonly<Record<string, FigureSpec>>;

export type FigureName = keyof typeof FIGURES;
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

/** How a bar reads in a table, for example `≥ 0.8`. */
export function limitText(name: FigureName): string {
  const { limit }: FigureSpec = FIGURES[name];
  if (limit.kind === "reported") return "reported";
  return `${limit.kind === "at-least" ? "≥" : "≤"} ${limit.value}`;
}

/**
 * What keeps the figures from being good.
 * @param expected that a run was to tell; one that is missing, or no number, is a failure
 */
export function shortfalls(expected: readonly FigureName[], figures: Figures): readonly string[] {
  return expected.flatMap((name) => {
    const figure = figures[name];
    if (figure === undefined || Number.isNaN(figure)) return [`${name}: not measured`];
    return meets(name, figure) ? [] : [`${name}: ${figure} is not ${limitText(name)}`];
  });
}

export function meets(name: FigureName, figure: number): boolean {
  const { limit }: FigureSpec = FIGURES[name];
  if (limit.kind === "at-least") return figure >= limit.value;
  return limit.kind === "reported" || figure <= limit.value;
}
