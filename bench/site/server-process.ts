import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type GuardedProcess, startGuarded } from "@leasehold/testkit";
import type { Bench } from "../run/bar.ts";
import { pinned } from "./cores.ts";

/** Where profiles of the servers go. */
const PROFILES = fileURLToPath(new URL("../results/profiles/", import.meta.url));

/** A program of Node that is measured. */
export interface ServerProgram {
  readonly file: URL;
  readonly env: Readonly<Record<string, string>>;
  readonly isBuilt?: boolean;
  /** Spread over all processors instead of pinned to the server's. */
  readonly isFree?: boolean;
}

/** Starts a server on its processor, with the flags and the profiler that were asked for. */
export function startServer(
  { settings, cores }: Pick<Bench, "settings" | "cores">,
  { file, env, isBuilt = false, isFree = false }: ServerProgram,
): Promise<GuardedProcess> {
  if (settings.cpuProf) mkdirSync(PROFILES, { recursive: true });
  const flags = [
    ...(isBuilt ? [] : ["--conditions=source"]),
    ...settings.nodeFlags,
    ...(settings.cpuProf ? ["--cpu-prof", `--cpu-prof-dir=${PROFILES}`] : []),
  ];
  const where = isFree ? cores.all : cores.server;
  return startGuarded({
    ...pinned(where, process.execPath, [...flags, fileURLToPath(file)]),
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stopSignal: "SIGTERM",
    stopLimitMs: 60_000, // a profile is written when the process ends
  });
}
