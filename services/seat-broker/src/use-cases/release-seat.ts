import type { Uuid } from "@leasehold/kernel";
import type { LeaseId } from "../domain/lease-id.ts";
import { leaseIdTaken } from "../domain/seat-problems.ts";
import { decide } from "./decide.ts";
import type { SeatStore } from "./ports.ts";
import type { RecoverPool } from "./recover-pool.ts";
import type { SeatWakes } from "./seat-wakes.ts";

/**
 * Gives a seat back, or cancels an acquire that may still be under way. May be repeated.
 * @throws Problem LEASE_ID_TAKEN if the lease is another installation's
 */
export async function releaseSeat(
  ports: {
    readonly seats: SeatStore;
    readonly recover: RecoverPool;
    readonly wakes: Pick<SeatWakes, "wake">;
  },
  request: { readonly license: Uuid; readonly id: LeaseId; readonly installation: Uuid },
): Promise<void> {
  const { license, id, installation } = request;
  const outcome = await decide(ports, license, () =>
    ports.seats.release(license, id, installation),
  );
  if (outcome.kind === "taken") throw leaseIdTaken();
  ports.wakes.wake(license);
}
