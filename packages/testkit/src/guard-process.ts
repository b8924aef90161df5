/*
 * The guard: a process of its own that outlives the one it serves by a moment. It reads notes
 * from standard input, and when that ends (however its owner ended, SIGKILL included) it ends
 * the processes and removes the folders it was told of. It has a session of its own, so that
 * no signal to the owner's group reaches it before its work is done.
 */
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { GuardNote } from "./guard.ts";
import { processFacts } from "./process-facts.ts";

/** Milliseconds a process has between its stop signal and SIGKILL. */
const STOP_LIMIT_MS = 10_000;
const POLL_MS = 50;

const processes = new Map<number, NodeJS.Signals>();
const folders = new Set<string>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
for await (const line of createInterface({ input: process.stdin })) keep(line);
await Promise.all([...processes].map(([pid, signal]) => end(pid, signal)));
await Promise.all(
  [...folders].map((path) => rm(path, { recursive: true, force: true, maxRetries: 5 })),
);

function keep(line: string): void {
  let note: GuardNote;
  try {
    note = JSON.parse(line) as GuardNote;
  } catch {
    return; // the owner was killed in the middle of this line
  }
  if (note.kind === "process") processes.set(note.pid, note.stopSignal);
  else if (note.kind === "ended") processes.delete(note.pid);
  else folders.add(note.path);
}

async function end(pid: number, stopSignal: NodeJS.Signals): Promise<void> {
  signalTo(pid, stopSignal);
  signalTo(pid, "SIGCONT"); // a paused process acts on its stop signal only once it goes on
  if (await gone(pid, STOP_LIMIT_MS)) return;
  signalTo(pid, "SIGKILL");
  await gone(pid, 1_000);
}

async function gone(pid: number, limitMs: number): Promise<boolean> {
  for (let waited = 0; waited < limitMs; waited += POLL_MS) {
    if (!signalTo(pid, 0) || processFacts(pid)?.ended === true) return true;
    await sleep(POLL_MS);
  }
  return false;
}

function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // it is gone
  }
}
