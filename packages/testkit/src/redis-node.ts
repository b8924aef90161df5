import { Redis } from "ioredis";
import { freePort } from "./free-port.ts";
import { type GuardedProcess, startGuarded } from "./guarded-process.ts";
import type { RedisProgram } from "./redis-program.ts";
import { until } from "./until.ts";

const START_LIMIT_MS = 15_000;

/** One Redis process on loopback, which may be crashed and paused. */
export interface RedisNode {
  /** `redis://` with its credentials, of this process alone. */
  readonly url: string;
  /** Where others find it. */
  readonly port: number;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what its folder holds; kills it first if it runs. */
  restart(): Promise<void>;
  /** Stops it in its tracks: connections stay open and nothing is answered. */
  pause(): void;
  resume(): void;
}

/** What a node is started from. */
export interface RedisNodeOptions {
  readonly program: RedisProgram;
  /** Where it keeps its data. */
  readonly folder: string;
  /** What clients and other nodes identify themselves by. */
  readonly password: string;
  /** Lines of its configuration, besides port, address, password and folder. */
  readonly settings: readonly string[];
  /** Opens a way to its port for others. @returns the port at which they find it */
  readonly way?: ((port: number) => Promise<number>) | undefined;
  /** Lines of its configuration that tell others that port. */
  readonly announce?: (knownPort: number) => readonly string[];
  /** A file of the folder that the node rewrites itself, as a sentinel does; else it is told on standard input. */
  readonly configFile?: string;
  /** Path of a shared library that is loaded into the server before all others. */
  readonly preload?: string | undefined;
  /** Arguments after the configuration. */
  readonly args?: readonly string[];
  /** Writes the configuration where `configFile` says; called before the first start only. */
  readonly write?: (settings: string) => Promise<void>;
}

/** Another process may take the port between the look and the start; then another port is tried. */
export async function startRedisNode(
  options: RedisNodeOptions,
): Promise<RedisNode & AsyncDisposable> {
  for (let tried = 1; ; tried += 1) {
    const port = await freePort();
    const known = (await options.way?.(port)) ?? port;
    const site = {
      ...options,
      settings: [...options.settings, ...(options.announce?.(known) ?? [])],
    };
    await options.write?.(settingsOf(site, port));
    const process = await start(site, port);
    if (process.ending === undefined) return nodeOf(site, { port, known }, process);
    if (tried === 5) throw notStarted(site, port, process);
  }
}

function nodeOf(
  options: RedisNodeOptions,
  { port, known }: { readonly port: number; readonly known: number },
  first: GuardedProcess,
) {
  let running = first;
  const kill = async () => {
    running.signal("SIGKILL");
    await running.ended();
  };
  return {
    url: urlOf(options, port),
    port: known,
    get pid() {
      return running.pid;
    },
    kill,
    restart: async () => {
      await kill();
      running = await start(options, port);
      if (running.ending !== undefined) throw notStarted(options, port, running);
    },
    pause: () => running.signal("SIGSTOP"),
    resume: () => running.signal("SIGCONT"),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** Resolves when it answers, or has ended. */
async function start(options: RedisNodeOptions, port: number): Promise<GuardedProcess> {
  const { program, folder, configFile, preload, args = [] } = options;
  const server = await startGuarded({
    command: program.command,
    args: [configFile ?? "-", ...args], // by either way the password is in no list of processes
    env: preload === undefined ? program.env : { ...program.env, LD_PRELOAD: preload },
    cwd: folder,
    ...(configFile === undefined ? { input: settingsOf(options, port) } : {}),
    stopSignal: "SIGTERM",
  });
  try {
    await until("Redis answers", START_LIMIT_MS, async () =>
      server.ending !== undefined || (await answersAt(urlOf(options, port))) ? true : undefined,
    );
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function settingsOf({ password, folder, settings }: RedisNodeOptions, port: number): string {
  return [
    `port ${port}`,
    "bind 127.0.0.1",
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    ...settings,
    "",
  ].join("\n");
}

function urlOf({ password }: RedisNodeOptions, port: number): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

function notStarted({ program }: RedisNodeOptions, port: number, process: GuardedProcess): Error {
  const said = process.lines(5).join("\n");
  return new Error(`${program.command} does not start on port ${port}: ${said}`);
}

async function answersAt(url: string): Promise<boolean> {
  // Refused while a log of commands is being read back.
  return askRedis(url, (redis) => redis.ping()).then(
    (answer) => answer === "PONG",
    () => false,
  );
}

/** Asks one server over a connection of its own. */
export async function askRedis<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
  });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}
