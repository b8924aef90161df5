import { isProblem } from "@leasehold/kernel";
import { openRedis, type RedisConnection, type RedisOptions } from "@leasehold/store-kit";
import { redisNotThereYet } from "./redis-problems.ts";

const TRY_EVERY_MS = 5_000;

/** A connection to Redis that may come later than the service that wants it. */
export interface LateRedis {
  /** @throws Problem DEPENDENCY_UNAVAILABLE while there is none */
  readonly connection: () => RedisConnection;
  /** Goes on trying until there is one, or the signal aborts. */
  readonly keepTrying: (
    pause: (ms: number, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<void>;
}

/**
 * Connects to Redis if it is there. The service serves without it, and so starts without it too.
 * @param stack lets the connection go, whenever it came
 * @throws Error if the URL is wrong or Redis is set up otherwise than it has to be
 */
export async function lateRedis(
  options: RedisOptions,
  stack: AsyncDisposableStack,
): Promise<LateRedis> {
  let found: RedisConnection | undefined;
  const attempt = async () => {
    try {
      found = await openRedis(options);
    } catch (error) {
      if (!isProblem(error, "DEPENDENCY_UNAVAILABLE")) throw error;
    }
  };
  await attempt();
  stack.defer(() => found?.[Symbol.asyncDispose]());
  return {
    connection: () => {
      if (found === undefined) throw redisNotThereYet();
      return found;
    },
    keepTrying: async (pause, signal) => {
      const isMissing = () => found === undefined && !signal.aborted;
      while (isMissing()) {
        await pause(TRY_EVERY_MS, signal);
        // One that turns out to be set up wrongly stays unused, as one that is away.
        if (!signal.aborted)
          await attempt().catch((error: unknown) => options.onConnectionLost?.(asError(error)));
      }
    },
  };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
