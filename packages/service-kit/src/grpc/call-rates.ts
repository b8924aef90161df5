import type { Clock } from "@leasehold/kernel";
import { clientNetwork, isThisMachine } from "./client-network.ts";
import { type Gcra, gcra, type Rate } from "./gcra.ts";
import type { CallClass } from "./rule-words.ts";

/** How often one network may call the methods of each class; `undefined` as often as it likes. */
export type CallRates = Readonly<Record<CallClass, Rate | undefined>>;

/**
 * Thousands of clients may stand behind one address and all come back at once, so those who hold
 * or want seats are counted only against what no office would do. Services are known otherwise.
 */
export const DEFAULT_CALL_RATES: CallRates = {
  PORTAL: { count: 3_000, periodMs: 10_000 },
  UNLOCK: { count: 600, periodMs: 10_000 },
  LEASE: { count: 20_000, periodMs: 10_000 },
  RENEWAL: { count: 50_000, periodMs: 10_000 },
  INTERNAL: undefined,
};

/** Networks that are remembered, for each class. */
const MOST_NETWORKS = 20_000;

/** What counting calls needs. */
export interface CallRateOptions {
  readonly rates: CallRates;
  readonly clock: Pick<Clock, "monotonic">;
  /** Whether calls from this machine are counted too. Tools and proxies call from here, who speak for many. */
  readonly countsLoopback: boolean;
}

/** Counts a call. In how many milliseconds it may come again; 0 if it may be made. */
export type CountCall = (callClass: CallClass, address: string | undefined) => number;

export function callRates({ rates, clock, countsLoopback }: CallRateOptions): CountCall {
  const counters = new Map<CallClass, Gcra>();
  for (const [callClass, rate] of Object.entries(rates) as [CallClass, Rate | undefined][])
    if (rate) counters.set(callClass, gcra(rate, MOST_NETWORKS));
  return (callClass, address) => {
    const counter = counters.get(callClass);
    if (!counter || address === undefined) return 0;
    const network = clientNetwork(address);
    return isThisMachine(network) && !countsLoopback ? 0 : counter.take(network, clock.monotonic());
  };
}
