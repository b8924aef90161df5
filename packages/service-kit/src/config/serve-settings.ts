import type { ServeOptions } from "../grpc/server.ts";
import type { Config } from "./config.ts";
import type { serviceFields } from "./standard-fields.ts";

/** Longest wait for load balancers to learn that a server leaves, in milliseconds. */
const ENDPOINTS_MS = 2_000;

/** What the settings of every service say about how it serves. A fifth of the drain, at most, is for the endpoints. */
export function serveSettings(
  config: Pick<
    Config<ReturnType<typeof serviceFields>>,
    "listen" | "healthListen" | "plaintext" | "reflection" | "drain"
  >,
): Pick<ServeOptions, "address" | "healthAddress" | "plaintext" | "reflection" | "drain"> {
  const { listen, healthListen, plaintext, reflection, drain } = config;
  const endpointsMs = Math.min(ENDPOINTS_MS, drain / 5);
  return {
    address: listen,
    healthAddress: healthListen,
    plaintext,
    reflection,
    drain: { endpointsMs, goodbyeMs: drain / 2, limitMs: drain },
  };
}
