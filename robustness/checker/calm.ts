import type { Timings } from "../site/timings.ts";
import type { History } from "./history.ts";
import { meet, type Span } from "./stretches.ts";

type Troubles = Pick<History, "outages" | "disturbances">;

/** Whether nothing happened to Redis, the seat-brokers or the ways to them. */
export function isCalm({ outages, disturbances }: Troubles, span: Span): boolean {
  return (
    !outages.some((outage) => meet(outage, span)) &&
    !disturbances.some((at) => at > span.from && at < span.until)
  );
}

/** Whether it was calm, and no recovery from what happened before may have been under way. */
export function isSettled(history: Troubles, { from, until }: Span, timings: Timings): boolean {
  const recovery = timings.spanMs + timings.fenceMs + 2 * timings.reconnectMs;
  return isCalm(history, { from: from - recovery, until });
}
