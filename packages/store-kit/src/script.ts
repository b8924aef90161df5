import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { RedisConnection } from "./redis.ts";
import { isRedisUnavailable, isUnknownScript } from "./redis-errors.ts";
import type { RedisLink } from "./redis-link.ts";
import type { Way } from "./redis-routes.ts";
import type { ScriptValue } from "./script-value.ts";
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
 * Runs a script once, on the node that owns its keys, which are all in one slot. Redis is sent
 * the source only if it does not know it yet.
 * @returns the reply, its strings decoded as UTF-8
 * @throws Problem DEPENDENCY_UNAVAILABLE: the script may have run, or may yet
 */
export function evaluate(
  redis: RedisConnection,
  script: Script,
  keys: readonly ScriptValue[],
  args: readonly ScriptValue[],
): Promise<unknown> {
  return inSpan(`redis.${script.name}`, "redis", () =>
    run(redis, script, { keys, args }, wayTo(redis.routes.linkOf(keys[0]))),
  );
}

/**
 * Runs a script that has no keys on a certain node, to learn about that node.
 * @param node as `nodeOf`, `nodes` and `onConnected` name it
 * @throws Problem DEPENDENCY_UNAVAILABLE, also if it owns no keys any more
 */
export function evaluateAt(
  redis: RedisConnection,
  node: string,
  script: Script,
  args: readonly ScriptValue[],
): Promise<unknown> {
  return inSpan(`redis.${script.name}`, "redis", async () => {
    const link = redis.routes.links().find(({ name }) => name === node);
    if (link === undefined) throw redisUnavailable(new Error(`${node} owns no keys`));
    return run(redis, script, { keys: [], args }, wayTo(link));
  });
}

/**
 * Runs a script once for each call, those for one node sent in one go. Each is atomic by itself.
 * @returns the outcome of each call in its order, as `evaluate` would give it
 */
export function evaluateMany(
  redis: RedisConnection,
  script: Script,
  calls: readonly ScriptCall[],
): Promise<readonly PromiseSettledResult<unknown>[]> {
  return inSpan(`redis.${script.name}`, "redis", async () => {
    const runs: Promise<unknown>[] = [];
    const byNode = Map.groupBy(calls.entries(), ([, { keys }]) => redis.routes.linkOf(keys[0]));
    for (const [link, group] of byNode) {
      const outcomes = pipelined(
        link,
        script,
        group.map(([, call]) => call),
      );
      for (const [place, [index, call]] of group.entries())
        runs[index] = outcomes.then(([...all]) => {
          const [error, reply] = all[place] ?? [new Error("a pipeline without a reply"), undefined];
          return error === null
            ? reply
            : runAgain(redis, script, call, { error, failed: wayTo(link) });
        });
    }
    return Promise.allSettled(runs);
  });
}

async function pipelined(link: RedisLink, script: Script, calls: readonly ScriptCall[]) {
  const pipeline = link.client.pipeline();
  for (const { keys, args } of calls) pipeline.evalsha(script.sha1, keys.length, ...keys, ...args);
  return (await pipeline.exec()) ?? [];
}

async function run(
  redis: RedisConnection,
  script: Script,
  call: ScriptCall,
  way: Way,
): Promise<unknown> {
  try {
    return await send(way, "EVALSHA", script.sha1, call);
  } catch (error) {
    return runAgain(redis, script, call, { error, failed: way });
  }
}

/** Repeats a call for as long as it certainly did not run, and where Redis sends it. */
async function runAgain(
  redis: RedisConnection,
  script: Script,
  call: ScriptCall,
  first: { readonly error: unknown; readonly failed: Way },
): Promise<unknown> {
  let { error, failed } = first;
  const giveUpAt = performance.now() + redis.commandTimeoutMs;
  for (;;) {
    const isUnknown = isUnknownScript(error);
    const way = isUnknown ? failed : await redis.routes.wayAfter(error, failed, call.keys[0]);
    if (way === undefined || performance.now() > giveUpAt) throw translated(error);
    try {
      // EVAL makes the script known on the node that runs it.
      return isUnknown
        ? await send(way, "EVAL", script.source, call)
        : await send(way, "EVALSHA", script.sha1, call);
    } catch (again) {
      error = again;
      failed = way;
    }
  }
}

async function send(
  { link, asking }: Way,
  command: "EVALSHA" | "EVAL",
  sourceOrSha1: string,
  { keys, args }: ScriptCall,
): Promise<unknown> {
  const words = [sourceOrSha1, keys.length, ...keys, ...args];
  if (!asking) return link.client.call(command, ...words);
  // Redis remembers ASKING for the next command only.
  const outcomes = await link.client
    .pipeline()
    .asking()
    .call(command, ...words)
    .exec();
  const [error, reply] = outcomes?.[1] ?? [new Error("a pipeline without a reply"), undefined];
  if (error !== null) throw error;
  return reply;
}

function wayTo(link: RedisLink): Way {
  return { link, asking: false, tries: 0 };
}

function translated(error: unknown): unknown {
  return isRedisUnavailable(error) ? redisUnavailable(error) : error;
}
