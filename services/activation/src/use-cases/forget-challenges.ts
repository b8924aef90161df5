import type { ForgetChallengesPorts } from "./challenge-ports.ts";

const INTERVAL_MS = 60_000;
/** Longer than clocks of replicas differ: what is forgotten is over for all of them. */
const MARGIN_MS = 3_600_000;

/**
 * Forgets used challenges that are over, now and then, until the signal aborts: nobody accepts those
 * any more. Never throws; what goes wrong is reported.
 */
export async function forgetChallenges(
  { used, clock, pause, report }: ForgetChallengesPorts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await used.forget(clock.now() - MARGIN_MS).catch(report);
    await pause(INTERVAL_MS, signal);
  }
}
