import type { Clock } from "@leasehold/kernel";
import { inBackground, pause } from "@leasehold/service-kit";
import { channelWatches, type Postgres } from "@leasehold/store-kit";
import {
  ACTS_CHANNEL,
  postgresActs,
  postgresAdministration,
} from "./store/postgres-administration.ts";
import type { AdministrationStore } from "./use-cases/administration-ports.ts";
import { followActs, type FollowActsPorts } from "./use-cases/follow-acts.ts";
import type { BrokerEvents } from "./use-cases/ports.ts";
import { pruneRevocations } from "./use-cases/prune-revocations.ts";

/** How often acts are looked for without having been told of. */
const ACTS_POLL_MS = 5_000;

/** Keeps up with what administrators do, at whichever broker. */
export async function openAdministration(
  postgres: Postgres,
  ports: Omit<FollowActsPorts, "acts" | "pause"> & {
    readonly clock: Clock;
    readonly events: BrokerEvents;
  },
  stack: AsyncDisposableStack,
): Promise<AdministrationStore> {
  const administration = postgresAdministration(postgres);
  const watches = stack.use(channelWatches(postgres, ACTS_CHANNEL, ACTS_POLL_MS));
  const acts = postgresActs(postgres, watches);
  // Before the first client comes: whatever is done later is told.
  const head = await acts.head();
  inBackground(stack, (signal) => followActs({ ...ports, acts, pause }, head, signal));
  inBackground(stack, (signal) => pruneRevocations({ ...ports, administration, pause }, signal));
  return administration;
}
