import { poolKeys } from "../../services/seat-broker/src/store/pool-keys.ts";
import { until } from "@leasehold/testkit";
import type { BenchSite, SoldPool } from "../site/bench-site.ts";

const LIMIT_MS = 60_000;
const AT_A_TIME = 20;

/** Replies whether the terms were in force. */
const SCRIPT = `
local validity, grace, skipped = unpack(redis.call('HMGET', KEYS[1], 'validity', 'grace', 'skipped'))
if validity ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local ends = time[1] * 1000 + math.floor(time[2] / 1000) - skipped + validity + grace
for _, unit in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if unit ~= '!' then redis.call('ZADD', KEYS[2], string.format('%.0f', ends), unit) end
end
return 1`;

/**
 * Lets all leases of pools end when they would had they been renewed just now, under terms that were shortened after they
 * were taken. No renewal ever shortens a lease, so that for as long as the former terms hold none would move its end.
 */
export async function endLeasesSoon(
  site: BenchSite,
  pools: readonly SoldPool[],
  validityMs: number,
): Promise<void> {
  const waiting = [...pools];
  const work = async () => {
    for (let pool = waiting.pop(); pool; pool = waiting.pop()) {
      const keys = poolKeys(pool.license);
      await until("the terms are in force", LIMIT_MS, async () => {
        const done = await site.ask((redis) =>
          redis.eval(SCRIPT, 2, keys[0] ?? "", keys[1] ?? "", validityMs),
        );
        return done === 1 || undefined;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}
