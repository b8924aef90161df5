import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "./free-port.ts";
import { guardedFolder } from "./guarded-folder.ts";
import { type GuardedProcess, startGuarded } from "./guarded-process.ts";
import type { RedisProgram } from "./redis-program.ts";
import { findRedis } from "./redis-programs.ts";
import { until } from "./until.ts";

const START_LIMIT_MS = 15_000;

/** How a Redis keeps its data; by default in memory only. */
export interface RedisOptions {
  /** Writes every command to disk before it is answered, so that `restart({ data: "kept" })` loses nothing. */
  readonly appendonly?: boolean;
}

/** A Redis of one's own on loopback, which may be crashed, paused and emptied. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  /** For example `Redis 7.0.15`. */
  readonly version: string;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same port; kills it first if it runs. */
  restart(options?: { readonly data: "kept" | "lost" }): Promise<void>;
  /** Stops it in its tracks: connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
}

/** Starts an empty Redis with 256 logical databases and no eviction. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  await using stack = new AsyncDisposableStack();
  const program = await findRedis();
  const folder = stack.use(await guardedFolder("redis"));
  const site: Site = {
    program,
    options,
    folder: folder.path,
    password: randomBytes(16).toString("hex"),
  };
  const first = await startSomewhere(site);
  let running = first.process;
  stack.defer(() => running[Symbol.asyncDispose]());
  const kill = async () => {
    running.signal("SIGKILL");
    await running.ended();
  };
  const letGo = stack.move();
  return {
    url: urlOf(site, first.port),
    version: program.version,
    kill,
    restart: async ({ data } = { data: "kept" }) => {
      await kill();
      if (data === "lost")
        await rm(join(folder.path, "appendonlydir"), { recursive: true, force: true });
      running = await startAgain(site, first.port);
    },
    pause: () => running.signal("SIGSTOP"),
    resume: () => running.signal("SIGCONT"),
    [Symbol.asyncDispose]: () => letGo.disposeAsync(),
  };
}

interface Site {
  readonly program: RedisProgram;
  readonly options: RedisOptions;
  readonly folder: string;
  readonly password: string;
}

/** Another process may take the port between the look and the start; then another port is tried. */
async function startSomewhere(site: Site): Promise<{ process: GuardedProcess; port: number }> {
  for (let tried = 1; ; tried += 1) {
    const port = await freePort();
    const process = await start(site, port);
    if (process.ending === undefined) return { process, port };
    if (tried === 5)
      throw new Error(`${site.program.command} does not start: ${process.lines(5).join("\n")}`);
  }
}

async function startAgain(site: Site, port: number): Promise<GuardedProcess> {
  const process = await start(site, port);
  if (process.ending === undefined) return process;
  throw new Error(`Redis does not start again on port ${port}: ${process.lines(5).join("\n")}`);
}

/** Resolves when it answers, or has ended. */
async function start(site: Site, port: number): Promise<GuardedProcess> {
  const server = await startGuarded({
    command: site.program.command,
    args: ["-"], // the settings come on standard input, so that the password is in no list of processes
    env: site.program.env,
    cwd: site.folder,
    input: settings(site, port),
    stopSignal: "SIGTERM",
  });
  try {
    await until("Redis answers", START_LIMIT_MS, async () =>
      server.ending !== undefined || (await answersAt(urlOf(site, port))) ? true : undefined,
    );
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function settings(site: Site, port: number): string {
  return [
    `port ${port}`,
    "bind 127.0.0.1",
    `requirepass ${site.password}`,
    `dir ${JSON.stringify(site.folder)}`,
    "databases 256",
    "maxmemory-policy noeviction",
    'save ""',
    ...(site.options.appendonly === true ? ["appendonly yes", "appendfsync always"] : []),
    "",
  ].join("\n");
}

function urlOf(site: Site, port: number): string {
  return `redis://:${site.password}@127.0.0.1:${port}`;
}

async function answersAt(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
  });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return (await redis.ping()) === "PONG"; // refused while a log of commands is being read back
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
