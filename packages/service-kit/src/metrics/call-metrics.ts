import { status } from "@grpc/grpc-js";
import type { Counter } from "./counter.ts";
import type { Histogram } from "./histogram.ts";
import type { Metrics } from "./metrics.ts";

/** Why a call was refused before, or without, being carried out. */
const CAUSES = [
  "rate",
  "load",
  "size",
  "malformed",
  "credentials",
  "permission",
  "deadline",
  "leaving",
] as const;

const CAUSE_OF: Readonly<Record<string, (typeof CAUSES)[number]>> = {
  RATE_LIMITED: "rate",
  OVERLOADED: "load",
  MESSAGE_TOO_LARGE: "size",
  MALFORMED_MESSAGE: "malformed",
  UNAUTHENTICATED: "credentials",
  CLOCK_SKEW: "credentials",
  PERMISSION_DENIED: "permission",
  DEADLINE_EXCEEDED: "deadline",
  DRAINING: "leaving",
};

/** What is told of a method. */
export interface CountedMethod {
  readonly service: string;
  readonly name: string;
  readonly shape: "unary" | "server-stream" | "duplex-stream";
}

/** Counts the calls of one server. */
export interface CallMetrics {
  /** @param reason of the error, if it failed with one of the contract's */
  finished(method: CountedMethod, code: status, reason: string | undefined, ms: number): void;
}

interface CountersOfMethod {
  readonly codes: (Counter | undefined)[];
  readonly duration: Histogram | undefined;
}

/**
 * @param open how many calls and streams are open, when that is asked
 */
export function callMetrics(
  metrics: Metrics,
  open: () => { readonly unary: number; readonly streams: number },
): CallMetrics & Disposable {
  const calls = metrics.counterFamily({
    name: "leasehold_grpc_calls_total",
    help: "Calls that are over, streams among them, by method and status code",
  });
  const durations = metrics.histogramFamily({
    name: "leasehold_grpc_call_duration_seconds",
    help: "From a call's headers to its status; streams are not among them",
  });
  const refusals = metrics.counters(
    {
      name: "leasehold_grpc_refusals_total",
      help: "Calls that were refused for what they are or what there is to do, by cause",
    },
    "cause",
    CAUSES,
  );
  const openCalls = metrics.gauges(
    { name: "leasehold_grpc_open_calls", help: "Calls that are being carried out, by shape" },
    "shape",
    ["unary", "stream"],
  );
  const known = new Map<string, CountersOfMethod>();
  const countersOf = ({ service, name, shape }: CountedMethod): CountersOfMethod => {
    const method = `${service}/${name}`;
    const duration = shape === "unary" ? durations.with({ method }) : undefined;
    const counters = { codes: [], duration };
    known.set(method, counters);
    return counters;
  };
  const look = metrics.look(() => {
    const { unary, streams } = open();
    openCalls.unary.set(unary);
    openCalls.stream.set(streams);
  });
  return {
    finished(method, code, reason, ms) {
      const path = `${method.service}/${method.name}`;
      const { codes, duration } = known.get(path) ?? countersOf(method);
      (codes[code] ??= calls.with({ method: path, code: status[code] })).add();
      duration?.observe(ms / 1_000);
      const cause = reason === undefined ? undefined : CAUSE_OF[reason];
      if (cause !== undefined) refusals[cause].add();
    },
    [Symbol.dispose]: () => look[Symbol.dispose](),
  };
}
