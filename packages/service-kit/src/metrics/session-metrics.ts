import type { Metrics } from "./metrics.ts";

/** How a pool of database sessions stands. */
export interface SessionPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  /** How many there may be. */
  readonly most: number;
}

/** Tells how much of its database sessions a service uses. @param pools by what they are for */
export function sessionMetrics(
  metrics: Metrics,
  pools: Readonly<Record<string, () => SessionPool>>,
): Disposable {
  const sessions = metrics.gaugeFamily({
    name: "leasehold_postgres_sessions",
    help: "Database sessions that are open, by what they are for and whether they are at work",
  });
  const most = metrics.gaugeFamily({
    name: "leasehold_postgres_sessions_limit",
    help: "Database sessions that there may be",
  });
  const waiting = metrics.gaugeFamily({
    name: "leasehold_postgres_session_waiters",
    help: "Who waits for a database session",
  });
  return metrics.look(() => {
    for (const [purpose, read] of Object.entries(pools)) {
      const pool = read();
      sessions.with({ purpose, state: "idle" }).set(pool.idleCount);
      sessions.with({ purpose, state: "busy" }).set(pool.totalCount - pool.idleCount);
      waiting.with({ purpose }).set(pool.waitingCount);
      most.with({ purpose }).set(pool.most);
    }
  });
}
