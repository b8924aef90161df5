import { until } from "@leasehold/testkit";
import type { BenchSite } from "../site/bench-site.ts";

/** A million entries take some minutes. */
const LIMIT_MS = 600_000;
const LOOK_EVERY_MS = 2_000;
const NOISE_BYTES = 20_000;

/** Memory of Redis in bytes, once the ledgers have been emptied into Postgres and nothing else goes on. */
export async function settledMemory(site: BenchSite): Promise<number> {
  let last = Number.NaN;
  return until("the memory of Redis settles", LIMIT_MS, async () => {
    const before = last;
    last = Number(/used_memory:(\d+)/.exec(await site.ask((redis) => redis.info("memory")))?.[1]);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    return Math.abs(last - before) < NOISE_BYTES ? last : undefined;
  });
}
