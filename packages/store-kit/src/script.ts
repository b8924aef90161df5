import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { RedisConnection } from "./redis.ts";
import { isRedisUnavailable, isUnknownScript } from "./redis-errors.ts";
import { inSpan } from "./spans.ts";
import { redisUnavailable } from "./store-problems.ts";

/** A Lua script as Redis knows it. */
export interface Script {
  /** File name without `.lua`. */
  readonly name: string;
  readonly source: string;
  /** SHA-1 of the source, in hex: what EVALSHA calls it by. */
  readonly sha1: string;
}

/** A key or an argument of a script. */
export type ScriptValue = string | number | Buffer;

/** What one call of a script is given. */
export interface ScriptCall {
  readonly keys: readonly ScriptValue[];
  readonly args: readonly ScriptValue[];
}

/** Reads a script from its file, which is opened by a comment that is its contract. */
export function script(url: URL): Script {
  return scriptOf(basename(url.pathname, ".lua"), readFileSync(url, "utf8"));
}

/** A script from its source. */
export function scriptOf(name: string, source: string): Script {
  return { name, source, sha1: createHash("sha1").update(source).digest("hex") };
}

/**
 * Runs a script once. Redis is sent the source only if it does not know it yet.
 * @returns the reply, its strings decoded as UTF-8
 * @throws Problem DEPENDENCY_UNAVAILABLE: the script may have run, or may yet
 */
export function evaluate(
  redis: RedisConnection,
  script: Script,
  keys: readonly ScriptValue[],
  args: readonly ScriptValue[],
): Promise<unknown> {
  const call = { keys, args };
  return inSpan(`redis.${script.name}`, "redis", () =>
    redis.client
      .call("EVALSHA", ...scriptArguments(script.sha1, call))
      .catch((error: unknown) => repeatIfUnknown(error, redis, script, call)),
  );
}

/**
 * Runs a script once for each call, all sent in one go. Each is atomic by itself.
 * @returns the outcome of each call in its order, as `evaluate` would give it
 */
export function evaluateMany(
  redis: RedisConnection,
  script: Script,
  calls: readonly ScriptCall[],
): Promise<readonly PromiseSettledResult<unknown>[]> {
  return inSpan(`redis.${script.name}`, "redis", async () => {
    const pipeline = redis.client.pipeline();
    for (const { keys, args } of calls)
      pipeline.evalsha(script.sha1, keys.length, ...keys, ...args);
    const outcomes = (await pipeline.exec()) ?? [];
    return Promise.allSettled(
      outcomes.map(async ([error, reply], index) => {
        const call = calls[index];
        if (error === null || call === undefined) return reply;
        return repeatIfUnknown(error, redis, script, call);
      }),
    );
  });
}

/** An unknown script did not run: EVAL runs it, and makes it known on the node that answered. */
async function repeatIfUnknown(
  error: unknown,
  redis: RedisConnection,
  script: Script,
  call: ScriptCall,
): Promise<unknown> {
  if (!isUnknownScript(error)) throw translated(error);
  try {
    return await redis.client.call("EVAL", ...scriptArguments(script.source, call));
  } catch (again) {
    throw translated(again);
  }
}

function scriptArguments(sourceOrSha1: string, { keys, args }: ScriptCall): ScriptValue[] {
  return [sourceOrSha1, keys.length, ...keys, ...args];
}

function translated(error: unknown): unknown {
  return isRedisUnavailable(error) ? redisUnavailable(error) : error;
}
