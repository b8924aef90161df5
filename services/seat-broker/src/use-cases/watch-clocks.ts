import { isProblem } from "@leasehold/kernel";
import type { Pause, SeatStore } from "./ports.ts";

/** Often enough that a clock which steps and comes back is noticed. */
const INTERVAL_MS = 1_000;

/**
 * Reads the clock of every Redis again and again, until the signal fires: a broker vouches for the time
 * only as far as it has watched it.
 */
export async function watchClocks(
  { seats, pause }: { readonly seats: Pick<SeatStore, "readClocks">; readonly pause: Pause },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await seats.readClocks();
    } catch (error) {
      if (!isProblem(error, "DEPENDENCY_UNAVAILABLE")) throw error;
    }
    await pause(INTERVAL_MS, signal);
  }
}
