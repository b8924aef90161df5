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
  /** Which settings it knows: no other is set. All, if absent. */
  readonly understands?: (setting: string) => boolean;
  /** What the service is known by, PEM, with a second address for services; it is in plaintext without. */
  readonly authorities?: string | undefined;
  /** Told when it ends without having been asked to. */
  readonly onEnd: (name: ServiceName, ending: string, lines: readonly string[]) => void;
}

/** A service as a process of its own; disposal drains and ends it. */
export interface RunningService extends AsyncDisposable {
  readonly address: string;
  /** Where other services find it; the same in plaintext. */
  readonly internalAddress: string;
  /** Where its metrics are read: `127.0.0.1:port`. Nowhere if it does not understand that. */
  readonly metricsAddress: string;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Drains it if it runs, and starts it again on the same port. Resolves when it is serving. */
  restart(): Promise<void>;
  /** The same, with what is started in its place from then on. */
  replace(by: Launch): Promise<void>;
  /** Stops it in its tracks, until it is resumed or ended. */
  pause(): void;
  resume(): void;
  /** Its last lines, those from before a restart among them. */
  logs(): readonly string[];
}

/** Starts a service on a free port, or at an address. Resolves when it is serving, and tells its last lines if it never is. */
export async function startService(launch: Launch, at?: string): Promise<RunningService> {
  const first = await startSomewhere(launch, at);
  const { address, internalAddress, metricsAddress } = first;
  const past: string[] = [];
  let launched = launch;
  let running = first.process;
  let asked = watchEnd(launch, running);
  const stop = async (how: "kill" | "drain") => {
    asked.stop = true;
    if (how === "drain") return running[Symbol.asyncDispose]();
    running.signal("SIGKILL");
    return running.ended();
  };
  const replace = async (by: Launch) => {
    await stop("drain");
    past.push(...running.lines());
    launched = by;
    running = await start(by, first);
    asked = watchEnd(by, running);
  };
  return {
    address,
    internalAddress: internalAddress ?? address,
    metricsAddress,
    kill: () => stop("kill"),
    restart: () => replace(launched),
    replace,
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

/** Where a service listens. */
interface Place {
  readonly address: string;
  readonly internalAddress: string | undefined;
  readonly metricsAddress: string;
}

/** Another process may take a port between the look and the start; then others are tried. */
async function startSomewhere(
  launch: Launch,
  at: string | undefined,
): Promise<Place & { readonly process: GuardedProcess }> {
  for (let tried = 1; ; tried += 1) {
    const address = at ?? (await freeAddress());
    const internalAddress = launch.authorities === undefined ? undefined : await freeAddress();
    const place = { address, internalAddress, metricsAddress: await freeAddress() };
    try {
      return { process: await start(launch, place), ...place };
    } catch (error) {
      if (!String(error).includes(PORT_TAKEN) || tried === PORT_TRIES) throw error;
    }
  }
}

async function freeAddress(): Promise<string> {
  return `127.0.0.1:${await freePort()}`;
}

async function start(launch: Launch, place: Place): Promise<GuardedProcess> {
  const { name, facts, authorities } = launch;
  const { address } = place;
  const started = await startGuarded({
    command: process.execPath,
    args: ["--conditions=source", fileURLToPath(facts.main)],
    env: settingsOf(launch, place),
    stopSignal: "SIGTERM",
    stopLimitMs: 30_000,
  });
  try {
    await until("it is serving", START_LIMIT_MS, async () => {
      if (started.ending !== undefined) throw new Error(`it ended with ${started.ending}`);
      return (await healthOf(address, facts.fullName, authorities)) === "SERVING"
        ? true
        : undefined;
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

/** Its environment with its addresses, as far as it understands them. */
function settingsOf(
  { facts: { prefix }, environment, understands = () => true }: Launch,
  { address, internalAddress, metricsAddress }: Place,
): Readonly<Record<string, string>> {
  const settings = {
    ...environment,
    [`${prefix}_LISTEN`]: address,
    [`${prefix}_METRICS_LISTEN`]: metricsAddress,
    ...(internalAddress !== undefined && { [`${prefix}_INTERNAL_LISTEN`]: internalAddress }),
  };
  const isSet = ([name]: readonly [string, string]) =>
    !name.startsWith(`${prefix}_`) || understands(name);
  return Object.fromEntries(Object.entries(settings).filter(isSet));
}
