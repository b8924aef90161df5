import type { Uuid } from "@leasehold/kernel";
import type { LeaseId } from "../domain/lease-id.ts";
import { leaseIdTaken } from "../domain/seat-problems.ts";
import { decide, type DecidePorts } from "./decide.ts";
import type { BorrowStore } from "./borrow-ports.ts";
import type { SeatStore } from "./ports.ts";
import { refuseForeign } from "./refuse-foreign.ts";
import type { SeatWakes } from "./seat-wakes.ts";

/**
 * Gives a seat back, or cancels an acquire that may still be under way. May be repeated.
 *
 * A borrowed one is forgotten in Postgres before it is freed in Redis. Its holder has stopped, so
 * it costs nobody anything if a pool that loses its data in between is not given it back; the
 * other way round that pool would keep the seat for it, though somebody else has it by now.
 * What was had of a resource is given back whatever it is bound to now.
 * @throws Problem LEASE_ID_TAKEN if the lease is another installation's; NOT_FOUND if there is no
 *   such pool, or none of the license's customer
 */
export async function releaseSeat(
  ports: DecidePorts & {
    readonly seats: SeatStore;
    readonly borrows: Pick<BorrowStore, "end">;
    readonly wakes: Pick<SeatWakes, "wake">;
  },
  request: {
    readonly license: Uuid;
    readonly byLicense?: string;
    readonly id: LeaseId;
    readonly installation: Uuid;
  },
): Promise<void> {
  const { license, byLicense, id, installation } = request;
  await refuseForeign(ports.terms, { license, byLicense });
  const release = (forgotten: boolean) =>
    decide(ports, license, () => ports.seats.release(license, id, installation, forgotten));
  let outcome = await release(false);
  if (outcome.kind === "borrowed") {
    await ports.borrows.end(license, id);
    outcome = await release(true);
  }
  if (outcome.kind === "taken") throw leaseIdTaken();
  ports.wakes.wake(license);
}
