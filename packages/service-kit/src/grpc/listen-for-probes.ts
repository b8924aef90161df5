import { Server } from "@grpc/grpc-js";
import type { Clock } from "@leasehold/kernel";
import type { Log } from "../log/log.ts";
import { ConnectionGuard } from "./connection-guard.ts";
import type { Health } from "./health.ts";
import { DEFAULT_LIMITS, serverOptions } from "./limits.ts";
import { listen } from "./listen.ts";

/** Messages name a service, and nothing else. */
const MESSAGE_BYTES = 1_024;
const CONNECTION_STREAMS = 4;
const CONNECTIONS = { all: 100, perNetwork: 50, openingMs: 10_000 };

/**
 * Answers grpc.health.v1 at an address of its own, in plaintext: orchestrators probe without transport security. There is
 * nothing else to call there, so that nothing is protected.
 * @param address nothing is done without one
 * @throws Error if the address cannot be had
 */
export async function listenForProbes(
  address: string | undefined,
  known: { readonly health: Health; readonly clock: Pick<Clock, "monotonic">; readonly log: Log },
): Promise<Disposable | undefined> {
  if (address === undefined) return undefined;
  const { health, clock, log } = known;
  const limits = { ...DEFAULT_LIMITS, streamsPerConnection: CONNECTION_STREAMS };
  const server = new Server(serverOptions(limits, MESSAGE_BYTES));
  health.addTo(server);
  const guard = new ConnectionGuard("probes", CONNECTIONS, log);
  const listening = await listen(
    server,
    { public: guard, internal: guard },
    {
      address,
      plaintext: true,
      limits: CONNECTIONS,
      sessions: { clock, serves: (path) => path.startsWith("/grpc.health.v1.Health/") },
      log,
    },
  );
  return {
    [Symbol.dispose]() {
      void listening.stop();
      server.forceShutdown();
      listening[Symbol.dispose]();
    },
  };
}
