import type { Metrics } from "@leasehold/service-kit";

/** The metrics of activation, all of them; at a customer's site too. */
export function declareMetrics(metrics: Metrics) {
  return { ...unlockMetrics(metrics), ...followMetrics(metrics) };
}

export type DeclaredMetrics = ReturnType<typeof declareMetrics>;

/** What machines ask for. */
function unlockMetrics(metrics: Metrics) {
  return {
    unlocks: metrics.counter({
      name: "leasehold_unlocks_total",
      help: "Installations that were unlocked",
    }),
    unlocksRefused: metrics.counterFamily({
      name: "leasehold_unlock_refusals_total",
      help: "Requests to unlock that the issuer, or a condition of the license, refused, by what the caller was told",
    }),
    limitsShared: metrics.gauge({
      name: "leasehold_unlock_limits_shared",
      help: "Whether the limits of unlocking hold for all processes together: 1, or 0 while Redis is away and each has a tenth",
    }),
    requestFiles: metrics.counter({
      name: "leasehold_request_files_answered_total",
      help: "Request files that were answered",
    }),
  };
}

/** What activation follows, and publishes. */
function followMetrics(metrics: Metrics) {
  return {
    licenses: metrics.counter({
      name: "leasehold_licenses_changed_total",
      help: "Changes of licenses that were taken over from the issuer",
    }),
    position: metrics.gauges(
      { name: "leasehold_feed_position", help: "Where a feed stands that this service publishes" },
      "feed",
      ["entitlements"],
    ),
    followed: metrics.gauges(
      {
        name: "leasehold_feed_followed_position",
        help: "How far a feed is followed, by the numbers of the service that publishes it",
      },
      "feed",
      ["licenses"],
    ),
    interruptions: metrics.counters(
      {
        name: "leasehold_feed_interruptions_total",
        help: "How often following a feed was interrupted",
      },
      "feed",
      ["licenses"],
    ),
    trustRefused: metrics.counter({
      name: "leasehold_trust_bundles_refused_total",
      help: "Trust bundles that were not accepted",
    }),
  };
}
