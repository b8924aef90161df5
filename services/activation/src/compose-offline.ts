import { formatVendorFile, sealPublicKeyOf } from "@leasehold/license-format";
import type { ServiceBinding } from "@leasehold/service-kit";
import type { ActivationConfig } from "./config.ts";
import { offlineService } from "./rpc/offline-service.ts";
import type { OfflinePorts } from "./use-cases/answer-offline-request.ts";

/** What answering request files needs besides the settings. */
export type OfflineParts = Omit<OfflinePorts, "encode" | "deployment" | "sealKeys">;

/** The service for machines without a connection; none where there is no key to seal to. */
export function offlineBindings(
  { deployment, trustRoot, sealKeys }: ActivationConfig,
  parts: OfflineParts,
): readonly ServiceBinding[] {
  const [newest] = sealKeys ?? [];
  if (sealKeys === undefined || newest === undefined) return [];
  const sealKey = sealPublicKeyOf(newest);
  return [
    offlineService({
      offline: { ...parts, deployment, sealKeys },
      vendorFile: formatVendorFile({ deployment, trustRoot, sealKey }),
    }),
  ];
}
