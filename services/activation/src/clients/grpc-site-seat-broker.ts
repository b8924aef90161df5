import { seatBroker } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import { type Channel, client } from "@leasehold/rpc-client";
import { ALL_SEATS } from "../domain/site-grants.ts";
import type { SiteSeatBroker } from "../use-cases/site-ports.ts";

/**
 * The site's own seat-broker.
 * @param token bearer secret of an administrator there who may read seats
 */
export function grpcSiteSeatBroker(channel: Channel, token: string): SiteSeatBroker {
  const calls = client(seatBroker.SeatBrokerServiceDefinition, channel, {
    metadata: () => ({ authorization: `Bearer ${token}` }),
  });
  return {
    standing: async (license, signal) => {
      try {
        const { pool } = await calls.listSeats({ parent: license, pageSize: 1 }, { signal });
        if (!pool) throw new Error("the seat-broker answered without the pool");
        const features = pool.subPools.flatMap(({ scope, live }) =>
          scope?.$case === "feature" ? [[scope.value, live] as const] : [],
        );
        return {
          revision: pool.grantingRevision,
          live: new Map([[ALL_SEATS, pool.live], ...features]),
        };
      } catch (thrown) {
        if (isProblem(thrown, "NOT_FOUND")) return undefined;
        throw thrown;
      }
    },
  };
}
