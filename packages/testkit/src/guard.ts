import { spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/** A line to the guard: what it has to end or to remove when this process is no more. */
export type GuardNote =
  | { readonly kind: "process"; readonly pid: number; readonly stopSignal: NodeJS.Signals }
  | { readonly kind: "ended"; readonly pid: number }
  | { readonly kind: "folder"; readonly path: string };

/** Runs from source only, as this whole package does. */
const PROGRAM = fileURLToPath(new URL("./guard-process.ts", import.meta.url));

let line: Writable | undefined;

/**
 * Tells the guard of this process, which is started by the first note. The guard acts when
 * this process ends in whatever way, so a note is given as early as there is something to note.
 */
export function tellGuard(note: GuardNote): void {
  line ??= startGuard();
  line.write(`${JSON.stringify(note)}\n`);
}

function startGuard(): Writable {
  const guard = spawn(process.execPath, [PROGRAM], {
    cwd: "/",
    detached: true,
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.on("error", (error) => {
    throw new Error("the guard process cannot be started", { cause: error });
  });
  guard.unref();
  guard.stdin.on("error", () => {}); // the guard is gone: nothing is left to tell
  (guard.stdin as unknown as { unref?: () => void }).unref?.();
  return guard.stdin;
}
