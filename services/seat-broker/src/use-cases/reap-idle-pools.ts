import { isProblem, type Uuid } from "@leasehold/kernel";
import { decide, type DecidePorts } from "./decide.ts";
import type { Pause, SeatStore } from "./ports.ts";
import type { UsageStore } from "./usage-ports.ts";

const INTERVAL_MS = 300_000;

export interface ReapIdlePorts extends DecidePorts {
  readonly seats: Pick<SeatStore, "reap" | "readIncarnation">;
  readonly usage: Pick<UsageStore, "inUse">;
}

/**
 * Ends the leases that ran out in pools that nobody asks for seats, until the signal fires, so that
 * the ledger hears of clients that died. A pool that lost its data is set up again for it.
 */
export async function reapIdlePools(
  ports: ReapIdlePorts & { readonly pause: Pause },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await ports.pause(INTERVAL_MS, signal);
    if (!signal.aborted) await reapAll(ports, signal);
  }
}

/** One round. What cannot be reached is left to the next one. */
export async function reapAll(ports: ReapIdlePorts, signal: AbortSignal): Promise<void> {
  try {
    let after: Uuid | undefined;
    do {
      const licenses = await ports.usage.inUse(after);
      for (const license of licenses) {
        if (signal.aborted) return;
        await reap(ports, license);
      }
      after = licenses.at(-1);
    } while (after !== undefined);
  } catch (error) {
    if (!isProblem(error)) throw error;
  }
}

async function reap(ports: ReapIdlePorts, license: Uuid): Promise<void> {
  try {
    let next: string | undefined;
    do {
      const from = next;
      ({ next } = await decide(ports, license, () => ports.seats.reap(license, from)));
    } while (next !== undefined);
  } catch (error) {
    if (!isProblem(error)) throw error;
  }
}
