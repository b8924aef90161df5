import type { Clock, Uuid } from "@leasehold/kernel";
import type { LeaseId } from "../domain/lease-id.ts";
import { leaseNotFound } from "../domain/seat-problems.ts";
import type { AdministrationStore } from "./administration-ports.ts";
import { decide, type DecidePorts } from "./decide.ts";
import type { BrokerEvents, SeatStore } from "./ports.ts";
import type { SeatWakes } from "./seat-wakes.ts";

export interface RevokeSeatPorts extends DecidePorts {
  readonly seats: SeatStore;
  readonly administration: AdministrationStore;
  readonly wakes: Pick<SeatWakes, "wake">;
  readonly clock: Pick<Clock, "now">;
  readonly events: Pick<BrokerEvents, "seatRevoked">;
}

/** A lease to be taken back. */
export interface RevokeRequest {
  readonly license: Uuid;
  readonly id: LeaseId;
  readonly reason: string;
  /** Frees the seat at once, whether or not its holder has stopped. */
  readonly immediate: boolean;
  /** Who wants it. */
  readonly subject: string;
}

const DAY_MS = 86_400_000;
/** Longer than any token of a lease may be believed: a lease lives an hour at most without a renewal. */
const REMEMBERED_MS = 7 * DAY_MS;

/**
 * Takes a lease back. It is kept in Postgres before it is done in Redis: a pool that loses its data
 * must not take the lease in again. May be repeated.
 * @throws Problem NOT_FOUND if no such lease is live and none was taken back; RECOVERING
 */
export async function revokeSeat(ports: RevokeSeatPorts, request: RevokeRequest): Promise<void> {
  const { seats, administration, clock, events, wakes } = ports;
  const { license, id, immediate } = request;
  const lease = await decide(ports, license, () => seats.find(license, id));
  if (lease.kind === "gone") {
    if (await administration.isRevoked(license, id)) return;
    throw leaseNotFound();
  }
  const time = clock.now();
  const forgetTime = time + lease.endsInMs + REMEMBERED_MS;
  const { installation } = lease;
  const revocation = { ...request, installation, time, forgetTime };
  if (await administration.revoke(revocation)) events.seatRevoked(revocation);
  // Gone by now: its holder stopped by itself.
  await decide(ports, license, () => seats.revoke(license, id, immediate));
  if (immediate) wakes.wake(license);
}
