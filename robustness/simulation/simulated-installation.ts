import type { Uuid } from "@leasehold/kernel";
import type { Installation } from "../../packages/client/src/installation.ts";
import type { Pool } from "../../services/seat-broker/src/domain/pool.ts";

/** A machine that was unlocked: its certificate is not looked at here. */
export function simulatedInstallation(id: Uuid, pool: Pool): Installation {
  return {
    name: `installations/${id}`,
    deployment: "simulation",
    product: "products/simulated",
    licensee: { name: "", organization: "" },
    license: {
      license: pool.name,
      revision: 0n,
      state: "active",
      drained: false,
      seats: pool.terms.seats,
      features: new Map(),
      startTime: pool.terms.startTime,
      endTime: pool.terms.endTime,
    },
    issuedAt: pool.terms.startTime,
    refreshBy: pool.terms.endTime,
    certificate: "",
    publicKeyThumbprint: "",
    trust: { deployment: "simulation", version: 1, keys: [], issuedAt: 0 },
    directory: "simulation",
    signProof: () => Promise.resolve(""),
    mac: () => "",
  };
}
