import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type GuardedProcess, startGuarded } from "@leasehold/testkit";
import { hostNow } from "../site/host-clock.ts";
import type { Habits } from "./habits.ts";

const PROGRAM = fileURLToPath(new URL("./main.ts", import.meta.url));

/** What was done to an agent from outside. Times by `hostNow`. */
export interface AgentRecord {
  readonly name: string;
  readonly logFile: string;
  readonly sessions: number;
  /** Before the signal was sent; `undefined` if it was not killed. */
  killedAt: number | undefined;
  /** When it stood still. */
  readonly pauses: { readonly from: number; until: number }[];
}

/** A client application as a process of its own. */
export interface Agent extends AsyncDisposable {
  readonly record: AgentRecord;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  /** How it ended, if it ended by itself. */
  failure(): string | undefined;
}

/** Which application, where, and how it behaves. */
export interface AgentOptions {
  readonly name: string;
  /** Where it writes its log. */
  readonly folder: string;
  /** Its installation. */
  readonly directory: string;
  /** Its program, where that is not this one: of another version. */
  readonly program?: string;
  readonly seatBrokers: readonly string[];
  /** Tells how they are known. */
  readonly environment: Readonly<Record<string, string>>;
  readonly sessions: number;
  readonly habits: Habits;
  readonly seed: number;
}

export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { name, folder, directory, program = PROGRAM, seatBrokers } = options;
  const { environment, sessions, habits, seed } = options;
  const logFile = join(folder, `${name}.log`);
  const started = await startGuarded({
    command: process.execPath,
    args: [
      "--conditions=source",
      program,
      directory,
      seatBrokers.join(","),
      logFile,
      String(sessions),
      String(seed),
      JSON.stringify(habits),
    ],
    env: environment,
    stopSignal: "SIGTERM",
  });
  const record: AgentRecord = { name, logFile, sessions, killedAt: undefined, pauses: [] };
  return agentOf(started, record);
}

function agentOf(started: GuardedProcess, record: AgentRecord): Agent {
  let asked = false;
  return {
    record,
    kill: async () => {
      asked = true;
      record.killedAt = hostNow();
      started.signal("SIGKILL");
      await started.ended();
    },
    pause: () => {
      record.pauses.push({ from: hostNow(), until: Number.POSITIVE_INFINITY });
      started.signal("SIGSTOP");
    },
    resume: () => {
      started.signal("SIGCONT");
      const last = record.pauses.at(-1);
      if (last) last.until = hostNow();
    },
    failure: () =>
      !asked && started.ending !== undefined
        ? `${record.name} ended with ${started.ending}: ${started.lines(20).join(" / ")}`
        : undefined,
    [Symbol.asyncDispose]: async () => {
      asked = true;
      await started[Symbol.asyncDispose]();
    },
  };
}
