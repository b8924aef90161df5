import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { BarOutcome, BenchSettings } from "./bar.ts";

/** A profile may still be written, and servers ended. */
const ENDING_MS = 90_000;

/** What is measured, and how long it may take at most. */
export interface MeasuredApart {
  /** Takes the settings as a message, and answers with what came of it. */
  readonly program: URL;
  readonly name: string;
  readonly settings: BenchSettings;
  readonly limitMs: number;
}

/** Measures in a process of its own: one that breaks, ends or hangs is a failure, and nothing more. */
export async function measureApart({
  program,
  name,
  settings,
  limitMs,
}: MeasuredApart): Promise<BarOutcome> {
  const child = fork(program, [name], {
    execArgv: ["--conditions=source"],
    serialization: "advanced",
    // Standard output is for the result of the run.
    stdio: ["ignore", 2, 2, "ipc"],
  });
  let outcome: BarOutcome | undefined;
  let isLate = false;
  child.once("message", (told: BarOutcome) => (outcome = told));
  child.on("error", () => {}); // its end is told as well
  child.send(settings);
  const limit = setTimeout(() => {
    isLate = true;
    void end(child);
  }, limitMs);
  // The outcome may still be on its way when the process is gone.
  await Promise.all([once(child, "exit"), once(child, "disconnect")]);
  const { exitCode, signalCode } = child;
  clearTimeout(limit);
  if (outcome !== undefined) return outcome;
  const failure = isLate
    ? `it took longer than ${Math.round(limitMs / 1_000)} s`
    : `its process ended with ${signalCode ?? exitCode}`;
  return { figures: {}, details: {}, failures: [failure] };
}

async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  const limit = setTimeout(() => child.kill("SIGKILL"), ENDING_MS);
  await once(child, "exit");
  clearTimeout(limit);
}
