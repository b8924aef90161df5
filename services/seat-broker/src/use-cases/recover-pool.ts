import type { Uuid } from "@leasehold/kernel";
import { isNewer, versionOf } from "../domain/pool.ts";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type { BrokerEvents, Pause, SeatStore } from "./ports.ts";
import type { PoolStore } from "./pool-ports.ts";

/**
 * Sets up the pool of a license: the one way back from a first use, a loss of data, a
 * restart or a failover of Redis. Afterwards its scripts decide again, be it that they
 * keep seats for those who held one.
 * @throws Problem NOT_FOUND if there is no such license; DEPENDENCY_UNAVAILABLE
 */
export type RecoverPool = (license: Uuid) => Promise<void>;

/**
 * Gives a pool back what outlives its data. Does nothing to one that is fenced still:
 * whoever asks it for a seat later is told that this is to be done.
 * @throws Problem DEPENDENCY_UNAVAILABLE
 */
export type RestorePool = (license: Uuid) => Promise<void>;

export function restorePool({ seats, pools }: RestorePorts): RestorePool {
  return async (license) => {
    await seats.restore(license, () => pools.readRestoration(license));
  };
}

interface RestorePorts {
  readonly seats: Pick<SeatStore, "restore">;
  readonly pools: Pick<PoolStore, "readRestoration">;
}

export function recoverPool(ports: {
  readonly seats: SeatStore;
  readonly pools: PoolStore;
  readonly events: BrokerEvents;
  readonly restore: RestorePool;
  readonly pause: Pause;
}): RecoverPool {
  // Callers of one license that meet here share one attempt.
  const underWay = new Map<Uuid, Promise<void>>();
  return (license) => {
    const known = underWay.get(license);
    if (known) return known;
    const attempt = setUp(ports, license).finally(() => underWay.delete(license));
    underWay.set(license, attempt);
    return attempt;
  };
}

/**
 * Seat-brokers that meet at the first use of a pool each take an epoch. The first one admits at once, any
 * other nobody new for as long as a lease may live: so the others let it go first.
 */
const AT_FIRST_USE = 16n;
const HEAD_START_MS = 150;
const NEVER = new AbortController().signal;

async function setUp(
  { seats, pools, events, restore, pause }: Parameters<typeof recoverPool>[0],
  license: Uuid,
): Promise<void> {
  try {
    // Each attempt takes an epoch of its own: an epoch that was used once, even if nobody
    // knows with what success, must not number fences again.
    const incarnation = await seats.readIncarnation(license);
    const firstSeen = await pools.sight(incarnation);
    // Whatever the clock showed before it is trusted may have been another time.
    const since = Math.min(Math.max(firstSeen, incarnation.trustedSince), incarnation.now);
    const start = await pools.start(license);
    if (!start) throw licenseNotFound();
    if (start.epoch > 1n && start.epoch <= AT_FIRST_USE) await pause(HEAD_START_MS, NEVER);
    if ((await seats.setUp({ incarnation, since, start })) === "set-up")
      events.poolRecovered(license, start.epoch);
    await restore(license);
    // Terms and drain may have changed since the epoch was taken, and the change may have
    // reached Redis before a second loss of its data.
    const newest = await pools.read(license);
    if (!newest) return;
    if (isNewer(versionOf(newest), versionOf(start.pool))) await seats.applyTerms(newest);
    if (newest.drain.revision > start.pool.drain.revision) await seats.drain(license, newest.drain);
  } catch (error) {
    events.recoveryFailed(license, error);
    throw error;
  }
}
