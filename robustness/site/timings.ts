/** How a Redis is set up. */
export type Topology = "single" | "sentinel" | "cluster";

export const TOPOLOGIES = ["single", "sentinel", "cluster"] as const satisfies readonly Topology[];

/** The clocks under test, short, so that minutes hold many recoveries. All in milliseconds. */
export interface Timings {
  readonly validityMs: number;
  readonly graceMs: number;
  readonly fenceMs: number;
  /** How long the server keeps a seat after a renewal. */
  readonly spanMs: number;
  /**
   * A holder must survive that nobody can answer it for so long: the validity without one heartbeat,
   * and without the second that a stream on a busy machine may take to come back. The fence counts
   * as a time in which nobody answers.
   */
  readonly budgetMs: number;
  /** How long seat-brokers may take to find a Redis that is there again. */
  readonly reconnectMs: number;
}

/** @param validityMs how long a holder may rely on its seat after a heartbeat */
export function timingsOf(validityMs: number, graceMs: number, fenceMs: number): Timings {
  return {
    validityMs,
    graceMs,
    fenceMs,
    spanMs: validityMs + graceMs,
    budgetMs: validityMs * 0.75 - 1_000,
    reconnectMs: 1_000,
  };
}

/**
 * One Redis has no earlier primary to wait for. With failover the fence must outlast one that was cut
 * off, and the validity the time without a primary and the fence.
 */
export const TIMINGS = {
  single: timingsOf(6_000, 1_000, 1_000),
  sentinel: timingsOf(15_000, 2_000, 4_000),
  cluster: timingsOf(15_000, 2_000, 4_000),
} as const satisfies Record<Topology, Timings>;
