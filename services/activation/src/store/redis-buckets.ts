import { evaluate, type RedisConnection, script } from "@leasehold/store-kit";
import type { Bucket, Buckets } from "../use-cases/unlock-limit-ports.ts";

const takeTokens = script(new URL("../../lua/take_tokens.lua", import.meta.url));

/** One hash tag, so that one script may touch several buckets. */
const PREFIX = "unlock:{limits}:";

/**
 * Buckets in Redis, which all replicas share.
 * @param redis the connection; throws Problem DEPENDENCY_UNAVAILABLE while there is none
 */
export function redisBuckets(redis: () => RedisConnection): Buckets {
  const run = async (mode: "ask" | "charge", buckets: readonly Bucket[]) =>
    evaluate(
      redis(),
      takeTokens,
      buckets.map(({ key }) => PREFIX + key),
      [
        mode,
        ...buckets.flatMap(({ rate, take }) => [rate.periodMs * 1_000, rate.count, take ? 1 : 0]),
      ],
    );
  return {
    ask: async (buckets) => Number(await run("ask", buckets)) / 1_000,
    charge: async (buckets) => {
      await run("charge", buckets);
    },
  };
}
