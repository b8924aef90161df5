import { fileURLToPath } from "node:url";
import { freePort, type GuardedProcess, startGuarded, until } from "@leasehold/testkit";
import { healthOf } from "./health.ts";
import type { ServiceFacts, ServiceName } from "./service-name.ts";

const START_LIMIT_MS = 60_000;
const PORT_TRIES = 5;
const PORT_TAKEN = "EADDRINUSE";

/** How to start one service. */
export interface Launch {
  readonly name: ServiceName;
  readonly facts: ServiceFacts;
  /** Everything of its environment but the address it listens on. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told when it ends without having been asked to. */
  readonly onEnd: (name: ServiceName, ending: string, lines: readonly string[]) => void;
}

/** A service as a process of its own; disposal drains and ends it. */
export interface RunningService extends AsyncDisposable {
  readonly address: string;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Drains it if it runs, and starts it again on the same port. Resolves when it is serving. */
  restart(): Promise<void>;
  /** Stops it in its tracks, until it is resumed or ended. */
  pause(): void;
  resume(): void;
  /** Its last lines, those from before a restart among them. */
  logs(): readonly string[];
}

/** Starts a service on a free port, or at an address. Resolves when it is serving, and tells its last lines if it never is. */
export async function startService(launch: Launch, at?: string): Promise<RunningService> {
  const first =
    at === undefined
      ? await startSomewhere(launch)
      : { process: await start(launch, at), address: at };
  const { address } = first;
  const past: string[] = [];
  let running = first.process;
  let asked = watchEnd(launch, running);
  const stop = async (how: "kill" | "drain") => {
    asked.stop = true;
    if (how === "drain") return running[Symbol.asyncDispose]();
    running.signal("SIGKILL");
    return running.ended();
  };
  return {
    address,
    kill: () => stop("kill"),
    restart: async () => {
      await stop("drain");
      past.push(...running.lines());
      running = await start(launch, address);
      asked = watchEnd(launch, running);
    },
    pause: () => running.signal("SIGSTOP"),
    resume: () => running.signal("SIGCONT"),
    logs: () => [...past, ...running.lines()],
    [Symbol.asyncDispose]: () => stop("drain"),
  };
}

function watchEnd(launch: Launch, running: GuardedProcess): { stop: boolean } {
  const asked = { stop: false };
  void running.ended().then(() => {
    if (!asked.stop) launch.onEnd(launch.name, running.ending ?? "", running.lines(20));
    return undefined;
  });
  return asked;
}

/** Another process may take the port between the look and the start; then another port is tried. */
async function startSomewhere(
  launch: Launch,
): Promise<{ process: GuardedProcess; address: string }> {
  for (let tried = 1; ; tried += 1) {
    const address = `127.0.0.1:${await freePort()}`;
    try {
      return { process: await start(launch, address), address };
    } catch (error) {
      if (!String(error).includes(PORT_TAKEN) || tried === PORT_TRIES) throw error;
    }
  }
}

async function start(
  { name, facts, environment }: Launch,
  address: string,
): Promise<GuardedProcess> {
  const started = await startGuarded({
    command: process.execPath,
    args: ["--conditions=source", fileURLToPath(facts.main)],
    env: { ...environment, [`${facts.prefix}_LISTEN`]: address },
    stopSignal: "SIGTERM",
    stopLimitMs: 30_000,
  });
  try {
    await until("it is serving", START_LIMIT_MS, async () => {
      if (started.ending !== undefined) throw new Error(`it ended with ${started.ending}`);
      return (await healthOf(address, facts.fullName)) === "SERVING" ? true : undefined;
    });
    return started;
  } catch (error) {
    await started[Symbol.asyncDispose]();
    throw new Error(
      `${name} does not start: ${error instanceof Error ? error.message : String(error)}\n${started.lines(20).join("\n")}`,
      {
        cause: error,
      },
    );
  }
}
