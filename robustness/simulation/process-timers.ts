import { createRequire, syncBuiltinESMExports } from "node:module";
import { runningProcess, type VirtualTimer } from "./virtual-process.ts";

const require = createRequire(import.meta.url);
const promises = require("node:timers/promises") as { setTimeout: unknown };
const files = require("node:fs/promises") as Record<
  FileCall,
  (...of: unknown[]) => Promise<unknown>
>;
const os = require("node:os") as { uptime: () => number };

type FileCall = "readdir" | "readFile" | "open" | "rm";
type Abortable = { readonly signal?: AbortSignal };

/**
 * Puts timers under virtual time for the code of virtual processes; all other code keeps the
 * real ones. The SDK takes its clock as a port but its timers from the platform, as it should.
 * Virtual processes have no files either: waiting for the real ones would take real time.
 * @returns puts the platform's own back
 */
export function processTimers(): Disposable {
  const own = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    pause: promises.setTimeout as (ms?: number, value?: unknown, options?: Abortable) => unknown,
    timeout: AbortSignal.timeout.bind(AbortSignal),
    uptime: os.uptime,
    files: { readdir: files.readdir, readFile: files.readFile, open: files.open, rm: files.rm },
  };
  const inFile = (call: FileCall, without: () => Promise<unknown>) => {
    return async (...of: unknown[]) => (runningProcess() ? without() : own.files[call](...of));
  };
  put({
    setTimeout: (call: () => void, ms = 0, ...args: []) =>
      runningProcess()?.setTimer(ms, call) ?? own.setTimeout(call, ms, ...args),
    clearTimeout: (timer: unknown) => {
      if (isVirtual(timer)) timer.over = true;
      else own.clearTimeout(timer as NodeJS.Timeout);
    },
    pause: async (ms = 0, value?: unknown, options: Abortable = {}) => {
      const process = runningProcess();
      if (!process) return own.pause(ms, value, options);
      await process.pause(ms, options.signal);
      options.signal?.throwIfAborted();
      return value;
    },
    timeout: (ms: number) => {
      const process = runningProcess();
      if (!process) return own.timeout(ms);
      const controller = new AbortController();
      process.setTimer(ms, () => controller.abort(new DOMException("timeout", "TimeoutError")));
      return controller.signal;
    },
    uptime: () => {
      const process = runningProcess();
      return process ? (process.clock.now() - 1.9e12) / 1_000 : own.uptime();
    },
    files: {
      readdir: inFile("readdir", async () => []),
      readFile: inFile("readFile", missing),
      open: inFile("open", missing),
      rm: inFile("rm", async () => undefined),
    },
  });
  return { [Symbol.dispose]: () => put(own) };
}

function missing(): Promise<never> {
  return Promise.reject(Object.assign(new Error("there are no files"), { code: "ENOENT" }));
}

function put(given: {
  readonly setTimeout: unknown;
  readonly clearTimeout: unknown;
  readonly pause: unknown;
  readonly timeout: (ms: number) => AbortSignal;
  readonly uptime: () => number;
  readonly files: typeof files;
}): void {
  Object.assign(globalThis, { setTimeout: given.setTimeout, clearTimeout: given.clearTimeout });
  AbortSignal.timeout = given.timeout;
  promises.setTimeout = given.pause;
  os.uptime = given.uptime;
  Object.assign(files, given.files);
  syncBuiltinESMExports(); // those who have imported them by name see it
}

function isVirtual(timer: unknown): timer is VirtualTimer {
  return typeof timer === "object" && timer !== null && "due" in timer && "over" in timer;
}
