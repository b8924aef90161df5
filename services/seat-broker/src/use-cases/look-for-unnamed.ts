import type { Uuid } from "@leasehold/kernel";
import type { Pool } from "../domain/pool.ts";
import type { BrokerEvents, Pause, SeatStore } from "./ports.ts";
import type { PoolStore } from "./pool-ports.ts";
import type { TakeBackUnnamed } from "./take-back-unnamed.ts";

export interface LookForUnnamedPorts {
  readonly takeBack: TakeBackUnnamed;
  readonly seats: Pick<SeatStore, "readStanding">;
  readonly pools: Pick<PoolStore, "read">;
  readonly events: Pick<BrokerEvents, "unnamedNotTakenBack">;
  readonly pause: Pause;
}

/** Takes seats back from users who are named no more, also while their pool recovers. */
export interface UnnamedSeats {
  readonly takeBack: TakeBackUnnamed;
  /** Looks again at pools that recovered when it was their turn, until the signal fires. Never rejects. */
  readonly lookAgain: (signal: AbortSignal) => Promise<void>;
}

const INTERVAL_MS = 5_000;
/** How much longer than two leases may live: a fence, and until the first holder is back. */
const MARGIN_MS = 120_000;

/**
 * A pool that lost its data, or became another Redis', has its holders back one by one: those who were
 * not there yet when the license named them no more are found later.
 */
export function unnamedSeats(ports: LookForUnnamedPorts): UnnamedSeats {
  /** How often each is still looked at: nobody comes back later than a lease may live. */
  const unsure = new Map<Uuid, number>();

  async function takeBack(pool: Pool): Promise<void> {
    const { license, terms } = pool;
    await ports.takeBack(pool);
    if (terms.model !== "NAMED_USER") return;
    if ((await ports.seats.readStanding(license)).sure) unsure.delete(license);
    else unsure.set(license, unsure.get(license) ?? looksOf(pool));
  }

  async function look(license: Uuid, left: number): Promise<void> {
    if (left === 0) return void unsure.delete(license);
    unsure.set(license, left - 1);
    const pool = await ports.pools.read(license);
    if (pool) await takeBack(pool);
  }

  return {
    takeBack,
    lookAgain: async (signal) => {
      while (!signal.aborted) {
        for (const [license, left] of unsure)
          await look(license, left).catch(ports.events.unnamedNotTakenBack);
        await ports.pause(INTERVAL_MS, signal);
      }
    },
  };
}

function looksOf({ terms: { validityMs, graceMs } }: Pool): number {
  return Math.ceil((2 * (validityMs + graceMs) + MARGIN_MS) / INTERVAL_MS);
}
