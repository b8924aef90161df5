import { createHmac } from "node:crypto";
import type { Installation, ProofRequest } from "../src/installation.ts";
import { BORROWER, LEASE_KEY, LICENSE } from "./some-deployment.ts";

/**
 * An installation under the fake broker's license, that notes the proofs it signs.
 * @param directory where it keeps what it borrows; nowhere if absent
 */
export function someInstallation(
  proofs: ProofRequest[] = [],
  directory = "/nonexistent",
): Installation {
  const { deployment, product, publicKeyThumbprint } = BORROWER;
  return {
    name: BORROWER.installation,
    deployment,
    product,
    licensee: { name: "Ada", organization: "Acme" },
    license: {
      license: LICENSE,
      revision: 1n,
      state: "active",
      drained: false,
      seats: 3,
      features: new Map([["workflow", undefined]]),
      startTime: 0,
      endTime: Date.parse("2100-01-01T00:00:00Z"),
    },
    issuedAt: 0,
    refreshBy: Date.parse("2100-01-01T00:00:00Z"),
    certificate: "certificate",
    publicKeyThumbprint,
    trust: { deployment, version: 1, keys: [LEASE_KEY], issuedAt: 0 },
    directory,
    mac: (text) => createHmac("sha256", "somebody's own").update(text).digest("hex"),
    signProof: (request) => Promise.resolve(`${request.issuedAt}-${proofs.push(request)}`),
  };
}
