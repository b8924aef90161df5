import type { seatBroker } from "@leasehold/contracts";
import { durationFromMs } from "@leasehold/contracts";
import { type BorrowClaims, verifyBorrow } from "@leasehold/license-format";
import { unprovenBorrow } from "./client-problems.ts";
import type { SeatLease } from "./held-lease.ts";
import type { Installation } from "./installation.ts";
import { byRightClock, isUndecided, type LeasePorts } from "./lease-seat.ts";

/** A borrowed seat as a seat-broker signed it, verified. */
export interface Borrowed {
  readonly claims: BorrowClaims;
  /** The `borrow+jwt`. */
  readonly token: string;
  /** The instant (of the elapsed clock) read before it was asked for. */
  readonly sentAt: number;
}

/** What borrowing needs. */
export interface BorrowPorts extends Omit<LeasePorts, "giveUp"> {
  readonly installation: () => Installation;
}

/**
 * Asks each seat-broker in turn to make a lease a borrowed one, until one decides.
 * @throws Problem BORROW_REFUSED, LEASE_*, UNAUTHENTICATED (metadata `fault`) if what came
 *   back does not verify, or one of the transport's
 */
export async function borrowSeat(
  ports: BorrowPorts,
  lease: Pick<SeatLease, "id" | "token">,
  durationMs: number,
  signal: AbortSignal,
): Promise<Borrowed> {
  const duration = durationFromMs(Math.round(durationMs));
  let last: unknown;
  for (const broker of ports.brokers.inTurn()) {
    try {
      const { answer, sentAt } = await byRightClock(ports.credentials, async () => {
        const at = ports.elapsed();
        const request = { leaseId: lease.id, token: lease.token, duration };
        return { answer: await broker.borrowSeat(request, { signal }), sentAt: at };
      });
      return { ...(await verified(ports.installation(), lease, answer)), sentAt };
    } catch (failure) {
      last = failure;
    }
    if (signal.aborted || !isUndecided(last)) break;
  }
  throw last;
}

/** The time of a borrow is counted from its own issue: nothing is held against this machine's clock. */
async function verified(
  { trust, product, publicKeyThumbprint, name }: Installation,
  { id }: Pick<SeatLease, "id">,
  { borrow, endTime }: seatBroker.BorrowSeatResponse,
): Promise<Pick<Borrowed, "claims" | "token">> {
  // A moment in which any borrow that was signed now is in its time.
  const now = (endTime?.getTime() ?? 0) - 1_000;
  const expected = { product, publicKeyThumbprint, now };
  const read = await verifyBorrow(borrow, trust, expected);
  if (read.kind === "refused") throw unprovenBorrow(read.fault);
  const { claims } = read;
  if (claims.lease !== id.toString("base64url") || claims.installation !== name)
    throw unprovenBorrow("mismatched");
  return { claims, token: borrow };
}
