import type { BorrowClock } from "./borrow-clock.ts";
import type { BorrowDirectory } from "./borrow-directory.ts";
import { endLease, type RunningBorrow, type SeatLease } from "./held-lease.ts";

/** A borrowed seat that was verified, its clock, and where it is kept. */
export interface BorrowParts {
  readonly endTime: number;
  readonly token: string;
  readonly now: BorrowClock;
  readonly directory: Pick<BorrowDirectory, "isKept" | "noteSeen">;
}

const DAY_MS = 86_400_000;
/** How often the time that was counted is put on disk: what a crash can make forgotten. */
const NOTED_EVERY_MS = 60_000;

/**
 * Follows a borrowed lease until its end: warns on its last day, ends it, and keeps the time
 * that it counted on disk.
 */
export function runBorrow(lease: SeatLease, parts: BorrowParts): RunningBorrow {
  const { endTime, token, now, directory } = parts;
  const id = lease.id.toString("hex");
  let warned = false;
  let noting = Promise.resolve();
  const running = (): boolean => now() < endTime && directory.isKept(id);

  function note(): Promise<void> {
    // One after the other; a disk that is full costs the memory of time, not the seat.
    const write = () => directory.noteSeen(id, now()).catch(() => undefined);
    return (noting = noting.then(write));
  }
  function tick(): void {
    const remainingMs = endTime - now();
    if (lease.end !== undefined) return;
    if (!directory.isKept(id)) {
      lease.end = "released"; // by another process, which knew what it did
      return;
    }
    if (remainingMs <= 0) return endLease(lease, { kind: "lost", cause: "borrow-over" });
    if (remainingMs < DAY_MS && !warned) {
      warned = true;
      queueMicrotask(() => lease.events.emit("borrowEnding", { remainingMs }));
    }
    void note();
    const next = warned ? remainingMs : remainingMs - DAY_MS + 1;
    timer = setTimeout(tick, Math.min(NOTED_EVERY_MS, next)).unref();
  }
  // Soon, but not before whoever asked for the seat can listen.
  let timer = setTimeout(tick, 0).unref();
  return {
    endTime,
    token,
    running,
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      if (running()) await note();
      await noting;
    },
  };
}
