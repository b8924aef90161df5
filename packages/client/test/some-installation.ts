import type { Installation, ProofRequest } from "../src/installation.ts";
import { LICENSE } from "./fake-broker.ts";

/** An installation under the fake broker's license, that notes the proofs it signs. */
export function someInstallation(proofs: ProofRequest[] = []): Installation {
  return {
    name: "installations/0190f5fe-7c00-7a00-8000-000000000002",
    deployment: "dev.leasehold.local",
    product: "products/studio",
    licensee: { name: "Ada", organization: "Acme" },
    license: {
      license: LICENSE,
      revision: 1n,
      state: "active",
      seats: 3,
      features: new Map([["workflow", undefined]]),
      startTime: 0,
      endTime: Date.parse("2100-01-01T00:00:00Z"),
    },
    refreshBy: Date.parse("2100-01-01T00:00:00Z"),
    certificate: "certificate",
    signProof: (request) => Promise.resolve(`${request.issuedAt}-${proofs.push(request)}`),
  };
}
