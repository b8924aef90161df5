import type { activation } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";

/** A key that nobody else has. */
export const freshKey = () => newProductKey(systemRandom);

export const freshId = () => newUuid(systemClock, systemRandom);

/** A well-formed request to unlock `products/studio` for Ada Lovelace at Acme. */
export function unlockRequest(
  productKey: string,
  given: Partial<activation.UnlockRequest> = {},
): activation.UnlockRequest {
  return {
    requestId: freshId(),
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Acme",
    productKey,
    product: "products/studio",
    publicKey: Buffer.from(systemRandom(32)),
    fingerprint: undefined,
    evidence: undefined,
    host: "workstation-7",
    ...given,
  };
}
