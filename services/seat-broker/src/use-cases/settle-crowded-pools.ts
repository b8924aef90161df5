import { isProblem, type Uuid } from "@leasehold/kernel";
import type { Pause, SeatStore } from "./ports.ts";
import type { PoolStore } from "./pool-ports.ts";

const INTERVAL_MS = 60_000;
const MOST_AT_A_TIME = 100;

export interface SettleCrowdedPorts {
  readonly seats: Pick<SeatStore, "readStanding">;
  readonly pools: Pick<PoolStore, "read" | "crowded" | "uncrowd">;
}

/**
 * Looks after licenses whose seats were lowered while more were live, until the signal fires.
 * Those holders come back after a loss of data too; once they are gone, that ends.
 */
export async function settleCrowdedPools(
  ports: SettleCrowdedPorts & { readonly pause: Pause },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await ports.pause(INTERVAL_MS, signal);
    if (!signal.aborted) await settleCrowded(ports);
  }
}

/** One round of it. Who cannot be asked is asked in the next one. */
export async function settleCrowded(ports: SettleCrowdedPorts): Promise<void> {
  try {
    for (const license of await ports.pools.crowded(MOST_AT_A_TIME)) await settle(ports, license);
  } catch (error) {
    // It is tried again soon enough.
    if (!isProblem(error, "DEPENDENCY_UNAVAILABLE")) throw error;
  }
}

async function settle({ seats, pools }: SettleCrowdedPorts, license: Uuid): Promise<void> {
  const pool = await pools.read(license);
  const { live, sure } = await seats.readStanding(license);
  if (!pool || sure?.revision !== pool.revision) return;
  if (live <= pool.terms.seats + pool.terms.policy.overdraft) await pools.uncrowd(license, sure);
}
