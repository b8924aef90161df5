import { Server } from "@grpc/grpc-js";
import type { Health } from "./health.ts";
import { DEFAULT_LIMITS, serverOptions } from "./limits.ts";
import { listen } from "./listen.ts";

/** Messages name a service, and nothing else. */
const MESSAGE_BYTES = 1_024;
const CONNECTION_STREAMS = 4;

/**
 * Answers grpc.health.v1 at an address of its own, in plaintext: orchestrators probe without transport security. There is
 * nothing else to call there, so that nothing is protected.
 * @param address nothing is done without one
 * @throws Error if the address cannot be had
 */
export async function listenForProbes(
  address: string | undefined,
  health: Health,
): Promise<{ readonly close: () => void }> {
  if (address === undefined) return { close: () => undefined };
  const server = new Server(
    serverOptions({
      ...DEFAULT_LIMITS,
      messageBytes: MESSAGE_BYTES,
      streamsPerConnection: CONNECTION_STREAMS,
    }),
  );
  health.addTo(server);
  await listen(server, { address, plaintext: true });
  return { close: () => server.forceShutdown() };
}
