import { type Clock, isProblem } from "@leasehold/kernel";
import type { RedisConnection } from "@leasehold/store-kit";
import type { BatchOutcome, RenewalBatch, SeatStore } from "../use-cases/ports.ts";
import type { RedisTime } from "./redis-time.ts";
import * as replies from "./script-replies.ts";
import { callRenew, nodeOf } from "./seat-scripts.ts";

interface Renewing {
  readonly redis: RedisConnection;
  readonly time: RedisTime;
  readonly clock: Pick<Clock, "monotonic">;
}

/** Renews batches of leases, all batches of one Redis in one round trip. */
export function redisRenewals(renewing: Renewing): SeatStore["renew"] {
  return async (batches) => {
    const byNode = Map.groupBy(batches, ({ license }) => nodeOf(renewing.redis, license));
    const outcomes = new Map<RenewalBatch, BatchOutcome | undefined>();
    const rounds = Array.from(byNode, async ([node, own]) => {
      const answers = await renewAt(renewing, node, own);
      for (const [index, batch] of own.entries()) outcomes.set(batch, answers[index]);
    });
    await Promise.all(rounds);
    return batches.map((batch) => outcomes.get(batch));
  };
}

async function renewAt(
  { redis, time, clock }: Renewing,
  node: string,
  batches: readonly RenewalBatch[],
): Promise<readonly (BatchOutcome | undefined)[]> {
  try {
    const told = await time.told(node);
    const sentAt = clock.monotonic();
    const results = await callRenew(redis, batches, told);
    return results.map((result, index) => {
      if (result.status === "rejected") return unanswered(result.reason);
      const count = batches[index]?.members.length ?? 0;
      return replies.batchOutcome(time.heard(result.value, node, sentAt), count);
    });
  } catch (error) {
    return batches.map(() => unanswered(error));
  }
}

/** The batch may or may not have been carried out: repeating a heartbeat does no harm. */
function unanswered(error: unknown): undefined {
  if (!isProblem(error, "DEPENDENCY_UNAVAILABLE")) throw error;
  return undefined;
}
