/** A capacity, from when it may count until the last moment at which it still may. */
export interface Capacity {
  readonly seats: number;
  readonly from: number;
  until: number;
}

/** A time in which heartbeats may have gone unanswered, whatever their senders did. */
export interface Outage {
  readonly what: string;
  /** Whether nobody could be answered, or those only who turned to one of several seat-brokers. */
  readonly reach: "all" | "some";
  readonly from: number;
  until: number;
}

/** What was done to a site. Times by `hostNow`. */
export interface Chronicle {
  readonly capacities: Capacity[];
  readonly outages: Outage[];
  /** When Redis was about to become, or had just become, another than it was: its data, its run, its clock. */
  readonly disturbances: number[];
  /** What ended without having been asked to. */
  readonly surprises: string[];
}

/** A chronicle that has only begun. */
export function chronicle(seats: number, from: number): Chronicle {
  return {
    capacities: [{ seats, from, until: Number.POSITIVE_INFINITY }],
    outages: [],
    disturbances: [],
    surprises: [],
  };
}
