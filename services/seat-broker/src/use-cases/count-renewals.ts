import type { Clock } from "@leasehold/kernel";
import type { BrokerCounts } from "./broker-counts.ts";
import type { RenewalBatch, SeatStore } from "./ports.ts";

/** The same store, with its renewals counted: a round trip at a time. */
export function countingRenewals<Store extends Pick<SeatStore, "renew">>(
  seats: Store,
  counts: Pick<BrokerCounts, "renewed">,
  clock: Pick<Clock, "monotonic">,
): Store {
  return {
    ...seats,
    renew: async (batches) => {
      const beganAt = clock.monotonic();
      const outcomes = await seats.renew(batches);
      counts.renewed({
        leases: leasesOf(batches),
        tookMs: clock.monotonic() - beganAt,
        outcomes,
      });
      return outcomes;
    },
  };
}

function leasesOf(batches: readonly RenewalBatch[]): number {
  let leases = 0;
  for (const { members } of batches) leases += members.length;
  return leases;
}
