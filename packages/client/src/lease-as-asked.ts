import type { seatBroker } from "@leasehold/contracts";
import type { AcquireOptions } from "./acquire-options.ts";
import { waitedInVain } from "./client-problems.ts";
import { type Granted, type LeasePorts, leaseSeat } from "./lease-seat.ts";
import { type QueuePosition, queueForSeat } from "./queue-for-seat.ts";

/**
 * Leases a seat now, or waits for one, for as long as the application wants to.
 * @throws Problem as `leaseSeat`, or NO_SEATS when the wait was in vain
 */
export async function leaseAsAsked(
  leasing: LeasePorts & { readonly chance: () => number },
  request: seatBroker.AcquireSeatRequest,
  { wait = false, onPosition }: AcquireOptions,
  signal: AbortSignal,
): Promise<Granted> {
  if (wait === false) return leaseSeat(leasing, request, signal);
  const ports = {
    ...leasing,
    onPosition: (position: QueuePosition) => queueMicrotask(() => onPosition?.(position)),
  };
  if (wait === true) return queueForSeat(ports, request, signal);
  const limit = AbortSignal.timeout(wait.upToMs);
  try {
    return await queueForSeat(ports, request, AbortSignal.any([signal, limit]));
  } catch (failure) {
    throw limit.aborted && !signal.aborted ? waitedInVain() : failure;
  }
}
