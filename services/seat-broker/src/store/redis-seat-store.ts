import type { Clock, Uuid } from "@leasehold/kernel";
import type { RedisConnection } from "@leasehold/store-kit";
import type { LendingSeatStore } from "../use-cases/borrow-ports.ts";
import type { SeatStore } from "../use-cases/ports.ts";
import type { Apart } from "../use-cases/self-clocked.ts";
import { chunkOf, standingOf, termsOf } from "./pool-replies.ts";
import { redisAsking } from "./redis-asking.ts";
import { redisBorrowing } from "./redis-borrowing.ts";
import { redisRenewals } from "./redis-renewals.ts";
import { redisTime } from "./redis-time.ts";
import type { ToldTime } from "./told-time.ts";
import * as replies from "./script-replies.ts";
import * as scripts from "./seat-scripts.ts";

export interface RedisSeatStoreOptions {
  readonly redis: RedisConnection;
  readonly clock: Pick<Clock, "monotonic">;
  /** How long an earlier primary of Redis may go on after another one took over, in milliseconds. */
  readonly fenceMs: number;
  readonly apart: Apart;
}

/** Seats in Redis. Each decision is one script there; here they are only put and read. */
export function redisSeatStore(options: RedisSeatStoreOptions): LendingSeatStore {
  const { redis, clock, fenceMs, apart } = options;
  const time = redisTime(redis, clock);
  const nodeOf = (license: Uuid) => scripts.nodeOf(redis, license);

  async function ask(
    license: Uuid,
    put: (told: ToldTime) => Promise<unknown>,
  ): Promise<replies.Reply> {
    const told = await time.told(nodeOf(license));
    const sentAt = clock.monotonic();
    return time.heard(await put(told), told.node, sentAt);
  }

  return {
    nodeOf,
    ...withoutTime(redis, fenceMs),
    ...redisBorrowing(redis, ask),
    ...redisAsking({ redis, ask, nodeOf, apart }),
    readIncarnation: (license) => time.readIncarnation(nodeOf(license)),
    readClocks: () => Promise.all(redis.nodes().map((node) => time.readIncarnation(node))),
    wait: async (request, decided) =>
      replies.waitOutcome(
        await ask(request.license, (told) => scripts.callWait(redis, request, decided, told)),
      ),
    renew: redisRenewals({ redis, time, clock }),
    readmit: async (license, returners) => {
      const reply = await ask(license, (told) =>
        scripts.callReadmit(redis, license, returners, told),
      );
      return replies.batchOutcome(reply, returners.length);
    },
    find: async (license, { member }) =>
      replies.findOutcome(
        await ask(license, (told) => scripts.callFind(redis, license, member, told)),
      ),
    revoke: async (license, { member }, immediate) => {
      const lease = { member, immediate };
      return replies.revokeOutcome(
        await ask(license, (told) => scripts.callRevoke(redis, license, lease, told)),
      );
    },
    reap: async (license, from) =>
      replies.reapOutcome(
        await ask(license, (told) => scripts.callReap(redis, license, from, told)),
      ),
    restore: async (license, read) => {
      const reply = await ask(license, async (told) => {
        const restoration = await read();
        return restoration ? scripts.callRestore(redis, license, restoration, told) : [];
      });
      return reply[0] === "OK" ? "restored" : "undecided";
    },
  };
}

/** What is put to the scripts that pass no gate. */
function withoutTime(redis: RedisConnection, fenceMs: number) {
  return {
    leaveQueue: async (license, { member }) => {
      await scripts.callLeave(redis, license, member);
    },
    setUp: async (setUp) =>
      replies.setUpOutcome(replies.replyOf(await scripts.callSetUp(redis, setUp, fenceMs))),
    applyTerms: async (pool) => {
      await scripts.callApplyTerms(redis, pool);
    },
    readTerms: async (license) =>
      termsOf(license, replies.replyOf(await scripts.callReadTerms(redis, license))),
    list: async (license, limit, after) =>
      chunkOf(replies.replyOf(await scripts.callList(redis, license, limit, after))),
    readStanding: async (license) =>
      standingOf(replies.replyOf(await scripts.callReadPool(redis, license))),
    drain: async (license, drain) => {
      await scripts.callDrain(redis, license, drain);
    },
  } satisfies Partial<SeatStore>;
}
