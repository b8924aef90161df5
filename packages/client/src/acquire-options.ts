import { hostname } from "node:os";
import type { seatBroker } from "@leasehold/contracts";
import type { SeatClaim } from "./held-lease.ts";
import type { QueuePosition } from "./queue-for-seat.ts";

/** Whom a seat is for, and what it takes. */
export interface AcquireOptions {
  /** The user at work, as administrators see it and seat policies know it. */
  readonly user?: string;
  /**
   * The resource that the seat is of, for example a database, that is bound to the license:
   * `customers/{customer}/resources/{resource}`. Of the license itself if absent.
   */
  readonly resource?: string;
  /** How many of the license's seats, all of them or none: 1 to 100; 1 if absent. */
  readonly seats?: number;
  /** The features that will be used, by code. Needed for those whose seats the license limits. */
  readonly features?: readonly string[];
  /**
   * Where no seat is free, waits for one in the license's queue, whoever comes first being
   * served first: for as long as it takes, or for so many milliseconds. Not at all if absent.
   */
  readonly wait?: boolean | { readonly upToMs: number };
  /** Told of the place in the queue when it changes. */
  readonly onPosition?: (position: QueuePosition) => void;
  /** Gives up. What may have been granted is cancelled. */
  readonly signal?: AbortSignal;
}

/** What the options ask for. */
export function claimOf({ seats = 1, features = [] }: AcquireOptions): SeatClaim {
  return { seats, features: [...features] };
}

/** What runs: the versions of the client application, and of the product's server that it works with. */
export interface RunningVersions {
  readonly application: string;
  readonly server?: string;
}

/** The request for a lease. */
export function acquireRequest(
  leaseId: Buffer,
  { application, server = "" }: RunningVersions,
  options: AcquireOptions,
): seatBroker.AcquireSeatRequest {
  const { seats, features } = claimOf(options);
  return {
    leaseId,
    holder: {
      installation: "",
      user: options.user ?? "",
      host: hostname(),
      process: String(process.pid),
      applicationVersion: application,
      serverVersion: server,
    },
    claim: { seats, features: [...features] },
  };
}
