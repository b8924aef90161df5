import { execFileSync, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Which processors do what, so that load and server do not disturb each other. */
export interface Cores {
  readonly kind: "pinned" | "free";
  /** As taskset reads it; empty if nothing is pinned. */
  readonly server: string;
  readonly load: string;
  readonly all: string;
}

/** The first processor is the server's, the rest are for load and stores. */
export function coresOf(count: number, canPin: boolean): Cores {
  if (!canPin || count < 2) return { kind: "free", server: "", load: "", all: "" };
  return {
    kind: "pinned",
    server: "0",
    load: count === 2 ? "1" : `1-${count - 1}`,
    all: `0-${count - 1}`,
  };
}

export function coresHere(): Cores {
  const canPin = spawnSync("taskset", ["--version"]).status === 0;
  return coresOf(availableParallelism(), canPin);
}

/** Moves this process, and so whatever it starts from now on. */
export function moveSelf(cores: string): void {
  if (cores !== "")
    execFileSync("taskset", ["-acp", cores, String(process.pid)], { stdio: "ignore" });
}

/** A command that runs on some processors only. */
export function pinned(
  cores: string,
  command: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  return cores === ""
    ? { command, args }
    : { command: "taskset", args: ["-c", cores, command, ...args] };
}
