import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { guardedFolder } from "./guarded-folder.ts";
import { type RedisNode, startRedisNode } from "./redis-node.ts";
import { findRedis } from "./redis-programs.ts";

/** How a Redis is started; by default it keeps its data in memory only. */
export interface RedisOptions {
  /** Writes every command to disk before it is answered, so that `restart({ data: "kept" })` loses nothing. */
  readonly appendonly?: boolean;
  /** Path of a shared library that is loaded into the server before all others. */
  readonly preload?: string;
}

/** A Redis of one's own on loopback, which may be crashed, paused and emptied. */
export interface RedisServer
  extends Pick<RedisNode, "url" | "kill" | "pause" | "resume">, AsyncDisposable {
  /** For example `Redis 7.0.15`. */
  readonly version: string;
  /** Starts it again on the same port; kills it first if it runs. */
  restart(options?: { readonly data: "kept" | "lost" }): Promise<void>;
}

/** Starts an empty Redis with 256 logical databases and no eviction. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  await using stack = new AsyncDisposableStack();
  const program = await findRedis();
  const folder = stack.use(await guardedFolder("redis"));
  const node = stack.use(
    await startRedisNode({
      program,
      folder: folder.path,
      password: randomBytes(16).toString("hex"),
      preload: options.preload,
      settings: [
        "databases 256",
        "maxmemory-policy noeviction",
        'save ""',
        ...(options.appendonly === true ? ["appendonly yes", "appendfsync always"] : []),
      ],
    }),
  );
  const letGo = stack.move();
  return {
    url: node.url,
    version: program.version,
    kill: () => node.kill(),
    restart: async ({ data } = { data: "kept" }) => {
      await node.kill();
      if (data === "lost")
        await rm(join(folder.path, "appendonlydir"), { recursive: true, force: true });
      await node.restart();
    },
    pause: () => node.pause(),
    resume: () => node.resume(),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}
