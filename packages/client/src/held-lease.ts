import type { EventEmitter } from "node:events";
import type { LeaseTimeline } from "./lease-timeline.ts";
import type { SeatWarning } from "./seat-warning.ts";

/** How a seat ended. */
export type SeatEnd = "released" | "lost" | "revoked";

/**
 * Why a seat was lost: no answer came within the validity, a seat-broker said that it is
 * gone, or it was borrowed and the time is over.
 */
export type LossCause = "silence" | "refused" | "borrow-over";

/** What a seat tells its application. */
export interface SeatEvents {
  /** Heartbeats have not been answered for three quarters of the validity: save your work. */
  jeopardy: [{ readonly remainingMs: number }];
  /** A borrowed seat has less than a day left. */
  borrowEnding: [{ readonly remainingMs: number }];
  /** The seat is gone and never comes back: stop, and acquire another one. */
  lost: [{ readonly cause: LossCause }];
  /**
   * The seat was taken back, or the license may not be used any more: stop. It is given back
   * by itself. The reason is the administrator's own words, empty if there are none.
   */
  revoked: [{ readonly reason: string }];
}

/** What a seat takes. */
export interface SeatClaim {
  /** How many of the license's seats. */
  readonly seats: number;
  /** The features that it was acquired for. */
  readonly features: readonly string[];
}

/** What a borrowed seat stands on: the time that is left of it. */
export interface RunningBorrow extends AsyncDisposable {
  /** By the server's clock, in milliseconds since 1970. */
  readonly endTime: number;
  /** The `borrow+jwt`. */
  readonly token: string;
  /** Whether the time is not over, and no process of this machine has given the seat back. */
  running(): boolean;
}

/** A lease of this process, as its seat reads it. */
export interface SeatLease {
  readonly id: Buffer;
  readonly fencingToken: bigint;
  readonly claim: SeatClaim;
  readonly overdraft: boolean;
  readonly warnings: readonly SeatWarning[];
  readonly events: EventEmitter<SeatEvents>;
  /** The newest proof of the lease. */
  token: Buffer;
  /** What it stands on once it is borrowed; heartbeats count no more then. */
  borrow: RunningBorrow | undefined;
  end: SeatEnd | undefined;
}

/** A lease that the session keeps up by heartbeats. */
export interface HeldLease extends SeatLease {
  timeline: LeaseTimeline;
}

/** Ends a lease, unless it has ended already. */
export function endLease(
  lease: SeatLease,
  end:
    | { readonly kind: "lost"; readonly cause: LossCause }
    | { readonly kind: "revoked"; readonly reason: string },
): void {
  if (lease.end !== undefined) return;
  lease.end = end.kind;
  // Not on this stack: a fault of the application's own must not stop other leases' beats.
  queueMicrotask(() =>
    end.kind === "lost"
      ? lease.events.emit("lost", { cause: end.cause })
      : lease.events.emit("revoked", { reason: end.reason }),
  );
}
