import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { tellGuard } from "./guard.ts";
import type { ServerUser } from "./guarded-folder.ts";

/** Lines of output that are kept. */
const KEPT_LINES = 2_000;

/** What to start, and how it is asked to stop. */
export interface ProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly user?: ServerUser | undefined;
  /** Given on standard input, which then ends. */
  readonly input?: string;
  readonly stopSignal: NodeJS.Signals;
  /** Milliseconds between the stop signal and SIGKILL; 10000 unless told. */
  readonly stopLimitMs?: number;
}

/** A running server. Disposal asks it to stop, then insists; the guard does so if disposal never comes. */
export interface GuardedProcess extends AsyncDisposable {
  readonly pid: number;
  /** How it ended, in words; `undefined` as long as it runs. */
  readonly ending: string | undefined;
  /** The last lines that it wrote, on standard output and error alike. */
  lines(count?: number): readonly string[];
  signal(signal: NodeJS.Signals): void;
  /** Resolves once it has ended. */
  ended(): Promise<void>;
}

/**
 * Starts a process in a session of its own: Ctrl-C reaches only the process that started it,
 * which then stops its servers in order. Throws when the command cannot be run at all.
 */
export async function startGuarded(options: ProcessOptions): Promise<GuardedProcess> {
  const child = spawn(options.command, options.args, {
    env: options.env,
    detached: true,
    stdio: "pipe",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...options.user,
  });
  const pid = child.pid ?? 0; // known at once, so that the guard is told before anything can happen
  if (pid !== 0) tellGuard({ kind: "process", pid, stopSignal: options.stopSignal });
  await once(child, "spawn");
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const lines = keepLines(child);
  const life = lifeOf(child, pid);
  return {
    pid,
    get ending() {
      return life.ending;
    },
    lines: (count = KEPT_LINES) => lines.slice(-count),
    signal: (signal) => {
      if (life.ending === undefined) child.kill(signal);
    },
    ended: () => life.ended,
    [Symbol.asyncDispose]: () => stop(child, life.ended, options),
  };
}

function lifeOf(child: ChildProcess, pid: number) {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const life: { ending: string | undefined; readonly ended: Promise<void> } = {
    ending: undefined,
    ended,
  };
  child.on("close", (code, signal) => {
    life.ending = signal === null ? `exit code ${code}` : `signal ${signal}`;
    tellGuard({ kind: "ended", pid });
    resolve();
  });
  return life;
}

async function stop(
  child: ChildProcess,
  closed: Promise<void>,
  options: ProcessOptions,
): Promise<void> {
  child.kill(options.stopSignal);
  child.kill("SIGCONT"); // a paused process acts on its stop signal only once it goes on
  const insist = setTimeout(() => child.kill("SIGKILL"), options.stopLimitMs ?? 10_000);
  await closed;
  clearTimeout(insist);
}

function keepLines(child: ChildProcess): readonly string[] {
  const kept: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on("line", (line) => {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
    });
  }
  return kept;
}
