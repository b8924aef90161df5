import { isProblem, type Uuid } from "@leasehold/kernel";
import type { BorrowingSeats, BorrowStore, KeptBorrows } from "./borrow-ports.ts";
import type { BrokerEvents, Pause } from "./ports.ts";

const EVERY_MS = 60_000;
const CHUNK = 250;

export interface KeepBorrowsPorts {
  readonly seats: Pick<BorrowingSeats, "strayBorrows">;
  readonly borrows: BorrowStore;
  readonly events: Pick<BrokerEvents, "borrowsNotKept">;
}

/**
 * Looks after what Postgres remembers of borrowed seats, until the signal fires. What it remembers
 * and Redis does not have is over, or was never handed out: a broker died on the way. After a loss
 * of data it would keep a seat from somebody who works.
 */
export async function keepBorrows(
  ports: KeepBorrowsPorts & { readonly pause: Pause },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await ports.pause(EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      await keepBorrowsOnce(ports);
    } catch (error) {
      if (!isProblem(error, "DEPENDENCY_UNAVAILABLE")) ports.events.borrowsNotKept(error);
    }
  }
}

/** One round over all licenses. */
export async function keepBorrowsOnce({ seats, borrows }: KeepBorrowsPorts): Promise<void> {
  await borrows.prune();
  let last: Uuid | undefined;
  for (;;) {
    const kept = await borrows.next(last);
    if (!kept) return;
    last = kept.license;
    for (const some of chunksOf(kept)) {
      const strays = await seats.strayBorrows(some.license, some.epoch, some.members);
      if (strays.length > 0) await borrows.endStrays({ ...some, members: strays });
    }
  }
}

function chunksOf(kept: KeptBorrows): readonly KeptBorrows[] {
  const count = Math.ceil(kept.members.length / CHUNK);
  return Array.from({ length: count }, (_, index) => ({
    ...kept,
    members: kept.members.slice(index * CHUNK, (index + 1) * CHUNK),
  }));
}
