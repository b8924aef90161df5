import type { Transport } from "../tls/transport.ts";
import type { Metrics } from "./metrics.ts";

/** Tells when the certificates in use are over. */
export function certificateMetrics(
  metrics: Metrics,
  { server, service }: Pick<Transport, "server" | "service">,
): Disposable {
  const expiry = metrics.gaugeFamily({
    name: "leasehold_certificate_expiry_timestamp_seconds",
    help: "When a certificate is over, since 1970; server: shown to clients, service: to other services",
  });
  const live = { server, service: service?.certificate };
  return metrics.look(() => {
    for (const [certificate, known] of Object.entries(live))
      if (known) expiry.with({ certificate }).set(Date.parse(known.current.leaf.validTo) / 1_000);
  });
}
