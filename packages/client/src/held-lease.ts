import type { EventEmitter } from "node:events";
import type { LeaseTimeline } from "./lease-timeline.ts";

/** How a seat ended. */
export type SeatEnd = "released" | "lost" | "revoked";

/** Why a seat was lost: no answer came within the validity, or a seat-broker said that it is gone. */
export type LossCause = "silence" | "refused";

/** What a seat tells its application. */
export interface SeatEvents {
  /** Heartbeats have not been answered for three quarters of the validity: save your work. */
  jeopardy: [{ readonly remainingMs: number }];
  /** The seat is gone and never comes back: stop, and acquire another one. */
  lost: [{ readonly cause: LossCause }];
  /** The seat was taken back: stop, then release it. */
  revoked: [];
}

/** A lease of this process, as it stands. The session keeps it up, the seat reads it. */
export interface HeldLease {
  readonly id: Buffer;
  readonly fencingToken: bigint;
  readonly events: EventEmitter<SeatEvents>;
  timeline: LeaseTimeline;
  /** The newest proof of the lease. */
  token: Buffer;
  end: SeatEnd | undefined;
}

/** Ends a lease, unless it has ended already. */
export function endLease(
  lease: HeldLease,
  end: { readonly kind: "lost"; readonly cause: LossCause } | { readonly kind: "revoked" },
): void {
  if (lease.end !== undefined) return;
  lease.end = end.kind;
  // Not on this stack: a fault of the application's own must not stop other leases' beats.
  queueMicrotask(() =>
    end.kind === "lost"
      ? lease.events.emit("lost", { cause: end.cause })
      : lease.events.emit("revoked"),
  );
}
