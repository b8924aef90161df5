import { connectivityState } from "@grpc/grpc-js";
import { abandoned, channelClosed } from "./status-problems.ts";
import type { Transport } from "./transport.ts";

/**
 * Makes sure that a call can still begin: much may happen while its headers are made.
 * @throws Problem CANCELLED if the caller gave up, DEPENDENCY_UNAVAILABLE if the channel
 *   was closed
 */
export function ensureOpen({ grpc }: Transport, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abandoned(signal.reason);
  if (grpc.getChannel().getConnectivityState(false) === connectivityState.SHUTDOWN)
    throw channelClosed();
}
