import type { Uuid } from "@leasehold/kernel";
import type { RedisConnection } from "@leasehold/store-kit";
import type { BorrowingSeats } from "../use-cases/borrow-ports.ts";
import type { ToldTime } from "./told-time.ts";
import { borrowOutcome, type Reply, replyOf } from "./script-replies.ts";
import { callBorrow, callStrayBorrows } from "./seat-scripts.ts";

/** Puts a script to the pool of a license, with what it is to be told of the time. */
export type AskPool = (license: Uuid, put: (told: ToldTime) => Promise<unknown>) => Promise<Reply>;

/** Borrowed seats in Redis. */
export function redisBorrowing(redis: RedisConnection, ask: AskPool): BorrowingSeats {
  const borrow: BorrowingSeats["borrow"] = async (request, term) =>
    borrowOutcome(
      request,
      await ask(request.license, (told) => callBorrow(redis, request, term, told)),
    );
  return {
    borrow,
    findBorrowed: (request) => borrow(request, { revision: 0n, durationMs: 0 }),
    strayBorrows: async (license, epoch, members) =>
      replyOf(await callStrayBorrows(redis, license, epoch, members)).map(String),
  };
}
