import { type Metrics, SIZES } from "@leasehold/service-kit";
import { COUNTED_CAUSES } from "./use-cases/broker-counts.ts";

/**
 * The metrics of the seat-broker, all of them. None is told apart by license or customer: there may be
 * any number of those. What is about pools is a sum, the same at every broker of a cluster.
 */
export function declareMetrics(metrics: Metrics) {
  return {
    ...seatMetrics(metrics),
    ...brokerMetrics(metrics),
    ...poolMetrics(metrics),
    ...followMetrics(metrics),
  };
}

export type DeclaredMetrics = ReturnType<typeof declareMetrics>;

/** What clients ask for, and get. */
function seatMetrics(metrics: Metrics) {
  return {
    acquires: metrics.counters(
      {
        name: "leasehold_acquires_total",
        help: "Questions for a seat that reached the broker, by outcome. refused: the request was at fault, or its lease over; failed: the broker could not decide",
      },
      "outcome",
      ["granted", "denied", "refused", "failed"],
    ),
    granted: metrics.counters(
      {
        name: "leasehold_leases_granted_total",
        help: "Leases that were granted, a repeated question included, by whether they are beyond the license's seats",
      },
      "overdraft",
      ["no", "yes"],
    ),
    denials: metrics.counters(
      {
        name: "leasehold_denials_total",
        help: "Questions for a seat that a license has none for, by cause. FULL: also where the free ones are reserved for others",
      },
      "cause",
      COUNTED_CAUSES,
    ),
    renewals: metrics.counters(
      {
        name: "leasehold_renewals_total",
        help: "Leases that heartbeats asked to renew, by outcome. unknown: their tokens decided; undecided: asked again, or told to come again",
      },
      "outcome",
      ["renewed", "gone", "revoked", "unknown", "undecided"],
    ),
    renewalDuration: metrics.histogram({
      name: "leasehold_renewal_duration_seconds",
      help: "Round trips of renewals to Redis; a heartbeat waits for two at most",
    }),
    renewalLeases: metrics.histogram(
      {
        name: "leasehold_renewal_leases",
        help: "Leases that are renewed in one round trip",
      },
      SIZES,
    ),
    tokensRefused: metrics.counter({
      name: "leasehold_lease_tokens_refused_total",
      help: "Heartbeats whose token was forged, mutated or of another lease",
    }),
    revoked: metrics.counter({
      name: "leasehold_leases_revoked_total",
      help: "Leases that administrators took back",
    }),
  };
}

/** Who waits at a broker, and what it has open. */
function brokerMetrics(metrics: Metrics) {
  return {
    waits: metrics.histogramFamily(WAITS, WAIT_BOUNDS),
    streams: metrics.gauge({
      name: "leasehold_keep_alive_streams",
      help: "KeepAlive streams that are open at this broker",
    }),
    waiters: metrics.gauge({
      name: "leasehold_waiters",
      help: "Who waits for a seat at this broker",
    }),
    gate: metrics.gauges(
      {
        name: "leasehold_acquire_gate_calls",
        help: "Questions for seats at the gate before Redis: limit that may be under way, under-way, queued",
      },
      "state",
      ["limit", "under-way", "queued"],
    ),
    gateRefused: metrics.counter({
      name: "leasehold_acquire_gate_refusals_total",
      help: "Questions for seats whose turn did not come in time",
    }),
  };
}

const WAITS = {
  name: "leasehold_wait_duration_seconds",
  help: "How long somebody waited for a seat, by whether it was offered one",
};
/** From at once to a working day. */
const WAIT_BOUNDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 28_800];

/** How the pools in use stand. */
function poolMetrics(metrics: Metrics) {
  return {
    live: metrics.gauge({ name: "leasehold_seats_live", help: "Live seats of all pools in use" }),
    seats: metrics.gauge({
      name: "leasehold_seats_limit",
      help: "Seats that there are in all pools in use, overdraft included",
    }),
    queue: metrics.gauge({
      name: "leasehold_queue_places",
      help: "Places in the queues of all pools in use",
    }),
    pools: metrics.gauges(
      {
        name: "leasehold_pools",
        help: "Pools with open sessions, by state, a pool maybe in several. unset: lost its data and was not asked since",
      },
      "state",
      ["in-use", "full", "learning", "unset"],
    ),
    surveyComplete: metrics.gauge({
      name: "leasehold_pool_survey_complete",
      help: "Whether all pools in use were looked at: 1, or 0 where there are more than 10,000",
    }),
    reclaimLag: metrics.gauge({
      name: "leasehold_reclaim_lag_seconds",
      help: "For how long the lease that ran out first is over and not ended in the ledger; its seat is free",
    }),
    backlog: metrics.gauge({
      name: "leasehold_ledger_backlog_entries",
      help: "Entries of the ledger that wait in Redis to be taken over into Postgres, of all pools in use",
    }),
    setUps: metrics.counters(
      {
        name: "leasehold_pool_set_ups_total",
        help: "Pools that were set up: first, again after their data were lost (their epoch changed), failed",
      },
      "outcome",
      ["first", "again", "failed"],
    ),
  };
}

/** What the broker follows and writes. */
function followMetrics(metrics: Metrics) {
  return {
    applied: metrics.counter({
      name: "leasehold_entitlements_applied_total",
      help: "Changes of licenses and resources that were applied to their pools",
    }),
    position: metrics.gauges(
      {
        name: "leasehold_feed_followed_position",
        help: "How far a feed is followed, by the numbers of the service that publishes it",
      },
      "feed",
      ["entitlements"],
    ),
    interruptions: metrics.counters(
      {
        name: "leasehold_feed_interruptions_total",
        help: "How often following a feed was interrupted",
      },
      "feed",
      ["entitlements", "acts"],
    ),
    trustRefused: metrics.counter({
      name: "leasehold_trust_bundles_refused_total",
      help: "Trust bundles that were not accepted",
    }),
    ledgerFailures: metrics.counter({
      name: "leasehold_ledger_failures_total",
      help: "Rounds in which entries of the ledger were not taken over, counted or pruned",
    }),
    ledgerLost: metrics.counter({
      name: "leasehold_ledger_entries_lost_total",
      help: "Entries of the ledger that Redis dropped before they were taken over, or that were not understood",
    }),
    defects: metrics.counters(
      {
        name: "leasehold_upkeep_failures_total",
        help: "Rounds of upkeep that failed, by what was to be done",
      },
      "work",
      ["renewals", "streams", "borrows", "unnamed", "revocations", "incarnations"],
    ),
  };
}
