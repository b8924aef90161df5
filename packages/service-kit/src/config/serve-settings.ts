import type { ServeOptions } from "../grpc/server.ts";
import type { Config } from "./config.ts";
import type { serviceFields } from "./standard-fields.ts";

/** Longest wait for load balancers to learn that a server leaves, in milliseconds. */
const ENDPOINTS_MS = 2_000;

/** What the settings of every service say about how it serves. A fifth of the drain, at most, is for the endpoints. */
export function serveSettings(
  config: Pick<
    Config<ReturnType<typeof serviceFields>>,
    | "listen"
    | "internalListen"
    | "healthListen"
    | "connections"
    | "connectionsPerAddress"
    | "plaintext"
    | "reflection"
    | "drain"
    | "ratePortal"
    | "rateUnlock"
    | "rateLease"
    | "rateRenewal"
    | "rateInternal"
  >,
): Pick<
  ServeOptions,
  | "address"
  | "internalAddress"
  | "healthAddress"
  | "connections"
  | "plaintext"
  | "reflection"
  | "drain"
  | "rates"
> {
  const { listen, internalListen, healthListen, plaintext, reflection, drain } = config;
  const endpointsMs = Math.min(ENDPOINTS_MS, drain / 5);
  return {
    address: listen,
    internalAddress: internalListen,
    healthAddress: healthListen,
    connections: { all: config.connections, perNetwork: config.connectionsPerAddress },
    plaintext,
    reflection,
    drain: { endpointsMs, goodbyeMs: drain / 2, limitMs: drain },
    rates: {
      PORTAL: config.ratePortal,
      UNLOCK: config.rateUnlock,
      LEASE: config.rateLease,
      RENEWAL: config.rateRenewal,
      INTERNAL: config.rateInternal,
    },
  };
}
