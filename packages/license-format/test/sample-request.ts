import { type OfflineRequestClaims, sealUnlock, thumbprint } from "../src/index.ts";
import { LICENSE, NOW } from "./sample-deployment.ts";

export const REQUEST_ID = "0190a000-0000-7000-8000-00000000000d";

export const SECRET = {
  licenseeName: "Ada Lovelace",
  licenseeOrganization: "Analytical Engines ☃ Ltd.",
  productKey: "2ABCD-EFGHJ-KMNPQ-RSTVW-XYZ01",
};

/** What every sample request has. */
export const COMMON = {
  id: REQUEST_ID,
  deployment: LICENSE.deployment,
  product: LICENSE.product,
  madeAt: NOW,
  host: "mill ☃",
  version: "4.2.0",
  fingerprint: {
    salt: Buffer.alloc(16, 1).toString("base64url"),
    components: { "machine-id": Buffer.alloc(32, 2).toString("base64url") },
  },
  evidence: { hypervisor: "kvm", hypervisorBit: true, vendor: "QEMU" },
} as const;

/** A request to unlock, sealed to a deployment and signed by nobody yet. */
export async function unlockClaims(
  publicKey: Uint8Array,
  sealKey: Uint8Array,
): Promise<OfflineRequestClaims> {
  const sealedFor = { publicKeyThumbprint: thumbprint(publicKey), request: REQUEST_ID };
  return { ...COMMON, purpose: "UNLOCK", sealed: await sealUnlock(SECRET, sealedFor, sealKey) };
}
