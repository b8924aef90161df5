import type { Clock } from "@leasehold/kernel";
import type { AdministrationStore } from "./administration-ports.ts";
import type { BrokerEvents, Pause } from "./ports.ts";

const INTERVAL_MS = 3_600_000;

/** Forgets leases that were taken back and that nobody can hold any more, now and then, until the signal fires. */
export async function pruneRevocations(
  ports: {
    readonly administration: Pick<AdministrationStore, "prune">;
    readonly clock: Pick<Clock, "now">;
    readonly events: Pick<BrokerEvents, "revocationsNotPruned">;
    readonly pause: Pause;
  },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await ports.administration
      .prune(ports.clock.now())
      .catch((error: unknown) => ports.events.revocationsNotPruned(error));
    await ports.pause(INTERVAL_MS, signal);
  }
}
