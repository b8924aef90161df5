import type { Endpoint } from "./endpoint.ts";
import type { Counts } from "./histogram.ts";
import type { PartySpec } from "./party.ts";
import type { CallMethod } from "./protocol.ts";

/** How unary calls are made. Calls that end within the warm-up are not counted. */
export type CallPace =
  | {
      /** The next call is made when one has returned. */
      readonly kind: "closed";
      readonly inFlight: number;
      readonly warmUpMs: number;
      readonly ms: number;
    }
  | {
      /** Calls are made when it is time, whatever has returned; latencies count from that time. */
      readonly kind: "open";
      readonly perSecond: number;
      readonly warmUpMs: number;
      readonly ms: number;
    }
  /** So many calls. */
  | { readonly kind: "count"; readonly inFlight: number; readonly count: number };

/** How messages are sent on streams: so many unanswered ones on each. */
export interface StreamPace {
  readonly leasesPerMessage: number;
  readonly depth: number;
  readonly warmUpMs: number;
  readonly ms: number;
}

/** How every lease is renewed once, and how long that may take. */
export interface RenewAllPace {
  readonly leasesPerMessage: number;
  readonly limitMs: number;
}

/** Seats that are kept up over a time, while others come and go. */
export interface SeatsPlan {
  /** Each lease is renewed once in this time. */
  readonly everyMs: number;
  /** A beat that is answered later counts as not answered. */
  readonly patienceMs: number;
  readonly ms: number;
  /** Seats that are acquired, and given back after a while. */
  readonly acquiresPerSecond: number;
  readonly heldMs: number;
  /** Where those go whose server is gone. */
  readonly elsewhere?: Endpoint;
}

/** What an agent is told to do; a fleet is a number of clients. */
export type Order =
  | {
      readonly kind: "open";
      readonly fleet: string;
      readonly parties: readonly PartySpec[];
      readonly connections: number;
    }
  | {
      readonly kind: "call";
      readonly fleet: string;
      readonly method: CallMethod;
      readonly pace: CallPace;
    }
  | { readonly kind: "streams"; readonly fleet: string; readonly perParty: number }
  | { readonly kind: "beat"; readonly fleet: string; readonly pace: StreamPace }
  | { readonly kind: "renew-all"; readonly fleet: string; readonly pace: RenewAllPace }
  | { readonly kind: "keep"; readonly fleet: string; readonly plan: SeatsPlan }
  | { readonly kind: "close"; readonly fleet: string };

/** What came of a run. */
export interface Report {
  /** What was done in the counted time: calls that went well, or leases renewed. */
  readonly count: number;
  readonly ms: number;
  /** Whatever went wrong at any time, by what it was. */
  readonly failed: Readonly<Record<string, number>>;
  readonly latencies: Counts;
  /** Further counts, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

export const NOTHING: Report = { count: 0, ms: 0, failed: {}, latencies: [], counts: {} };
