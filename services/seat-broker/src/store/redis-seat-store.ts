import { type Clock, isProblem } from "@leasehold/kernel";
import type { RedisConnection } from "@leasehold/store-kit";
import type { SeatStore } from "../use-cases/ports.ts";
import { redisTime } from "./redis-time.ts";
import * as replies from "./script-replies.ts";
import * as scripts from "./seat-scripts.ts";

export interface RedisSeatStoreOptions {
  readonly redis: RedisConnection;
  readonly clock: Pick<Clock, "monotonic">;
  /** How long an earlier primary of Redis may go on after another one took over, in milliseconds. */
  readonly fenceMs: number;
}

/** Seats in Redis. Each decision is one script there; here they are only put and read. */
export function redisSeatStore({ redis, clock, fenceMs }: RedisSeatStoreOptions): SeatStore {
  const time = redisTime(redis, clock);

  async function ask(put: (estimate: number) => Promise<unknown>): Promise<replies.Reply> {
    const estimate = await time.estimate();
    const sentAt = clock.monotonic();
    return time.heard(await put(estimate), sentAt);
  }

  return {
    readIncarnation: () => time.readIncarnation(),
    acquire: async (request) => {
      const steppedAt = time.steppedAt();
      const put = (estimate: number) =>
        scripts.callAcquire(redis, request, { estimate, steppedAt });
      return replies.acquireOutcome(await ask(put));
    },
    wait: async (request) => {
      const steppedAt = time.steppedAt();
      const put = (estimate: number) => scripts.callWait(redis, request, { estimate, steppedAt });
      return replies.waitOutcome(await ask(put));
    },
    leaveQueue: async (license, { member }) => {
      await scripts.callLeave(redis, license, member);
    },
    renew: async (batches) => {
      try {
        const estimate = await time.estimate();
        const sentAt = clock.monotonic();
        const results = await scripts.callRenew(redis, batches, estimate);
        return results.map((result, index) => {
          if (result.status === "rejected") return unanswered(result.reason);
          const count = batches[index]?.members.length ?? 0;
          return replies.batchOutcome(time.heard(result.value, sentAt), count);
        });
      } catch (error) {
        return batches.map(() => unanswered(error));
      }
    },
    readmit: async (license, returners) => {
      const put = (estimate: number) => scripts.callReadmit(redis, license, returners, estimate);
      return replies.batchOutcome(await ask(put), returners.length);
    },
    release: async (license, { member }, installation) => {
      const lease = { member, installation };
      const put = (estimate: number) => scripts.callRelease(redis, license, lease, estimate);
      return replies.releaseOutcome(await ask(put));
    },
    setUp: async (setUp) =>
      replies.setUpOutcome(replies.replyOf(await scripts.callSetUp(redis, setUp, fenceMs))),
    applyTerms: async (pool) => {
      await scripts.callApplyTerms(redis, pool);
    },
    readTerms: async (license) =>
      replies.termsOf(license, replies.replyOf(await scripts.callReadTerms(redis, license))),
    list: async (license, limit, after) =>
      replies.seatsOf(replies.replyOf(await scripts.callList(redis, license, limit, after))),
  };
}

/** The batch may or may not have been carried out: repeating a heartbeat does no harm. */
function unanswered(error: unknown): undefined {
  if (!isProblem(error, "DEPENDENCY_UNAVAILABLE")) throw error;
  return undefined;
}
