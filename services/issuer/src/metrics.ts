import type { Metrics } from "@leasehold/service-kit";
import type { IssuerEvent, RefusalCause } from "./use-cases/issuer-event.ts";

const REFUSALS = [
  "unknown-key",
  "revoked-key",
  "wrong-product",
  "wrong-licensee",
  "revoked-license",
] as const satisfies readonly RefusalCause[];

/** The metrics of the issuer, all of them. */
export function declareMetrics(metrics: Metrics) {
  return {
    mutations: metrics.counter({
      name: "leasehold_issuer_mutations_total",
      help: "Changes of customers, products, licenses, keys and the rest that were carried out",
    }),
    certificates: metrics.counter({
      name: "leasehold_certificates_issued_total",
      help: "Times that certificates were signed for an installation",
    }),
    keysRefused: metrics.counters(
      {
        name: "leasehold_product_keys_refused_total",
        help: "Product keys that do not unlock, by the true cause, which callers are not told",
      },
      "cause",
      REFUSALS,
    ),
    position: metrics.gauges(
      { name: "leasehold_feed_position", help: "Where a feed stands that this service publishes" },
      "feed",
      ["licenses"],
    ),
  };
}

/** Counts each business fact. */
export function countInto(
  declared: ReturnType<typeof declareMetrics>,
): (event: IssuerEvent) => void {
  return (event) => {
    if (event.kind === "carried-out") declared.mutations.add();
    else if (event.kind === "certificates-issued") declared.certificates.add();
    else declared.keysRefused[event.cause].add();
  };
}
