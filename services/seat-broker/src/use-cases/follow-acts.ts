import { isProblem } from "@leasehold/kernel";
import type { ActFeed, AdministrationAct } from "./administration-ports.ts";
import { decide, type DecidePorts } from "./decide.ts";
import type { LicenseWatchers } from "./license-watchers.ts";
import type { BrokerEvents, Pause, SeatStore } from "./ports.ts";
import type { PoolStore } from "./pool-ports.ts";

export interface FollowActsPorts extends DecidePorts {
  readonly acts: ActFeed;
  readonly pools: Pick<PoolStore, "read">;
  readonly seats: SeatStore;
  readonly watchers: LicenseWatchers;
  readonly events: Pick<BrokerEvents, "actsInterrupted">;
  readonly pause: Pause;
}

const RETRY_MS = 1_000;

/**
 * Follows what administrators do, at whichever broker, until the signal fires: tells those who
 * watch the license, and does in Redis what the broker that was asked may have had no time to do.
 * Nobody depends on hearing of it: the next heartbeat of a holder is answered accordingly.
 * @param after the number of the last act that is of no interest
 */
export async function followActs(
  ports: FollowActsPorts,
  after: bigint,
  signal: AbortSignal,
): Promise<void> {
  let position = after;
  while (!signal.aborted) {
    try {
      for await (const act of ports.acts.watch(position, signal)) {
        await take(ports, act);
        position = act.number;
      }
    } catch (error) {
      if (!signal.aborted) ports.events.actsInterrupted(error);
      await ports.pause(RETRY_MS, signal);
    }
  }
}

async function take(ports: FollowActsPorts, act: AdministrationAct): Promise<void> {
  const { license, deed } = act;
  const { seats, pools, watchers } = ports;
  if (deed.kind === "seat-revoked") {
    const { id, immediate, installation, reason } = deed;
    await unlessRecovering(decide(ports, license, () => seats.revoke(license, id, immediate)));
    const { member } = id;
    return watchers.tell(license, { kind: "seat-revoked", member, installation, reason });
  }
  // As it is now: it may have been resumed since.
  const pool = await pools.read(license);
  if (!pool) return;
  await seats.drain(license, pool.drain);
  watchers.tell(license, { kind: "drain-changed", drain: pool.drain });
}

/** A pool that recovers is given back what Postgres has before anybody is let in. */
async function unlessRecovering(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isProblem(error, "RECOVERING")) throw error;
  }
}
