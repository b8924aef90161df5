import { until } from "@leasehold/testkit";
import type { SeatServer } from "./redis-site.ts";
import { withRedis } from "./with-redis.ts";

const LIMIT_MS = 30_000;

/** A key of the license's pool, found at whichever of the servers has it. */
export function seatsKeyAmong(servers: readonly Pick<SeatServer, "url">[]): Promise<string> {
  return until("the license has a pool", LIMIT_MS, async () => {
    for (const { url } of servers) {
      const keys = await withRedis(url, (redis) => redis.keys("lease:{*}:m")).catch(() => []);
      const [key] = keys;
      if (key !== undefined) return key;
    }
    return undefined;
  });
}
