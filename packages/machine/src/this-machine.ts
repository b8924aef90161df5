import { execFile } from "node:child_process";
import { open, readdir, readlink } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { FileReading, MachineSource } from "./machine-source.ts";

/** What may be otherwise than on this machine. */
export interface MachineOptions {
  /** In which folder its files are; `/` if absent. No program is run in any other. */
  readonly root?: string;
  readonly platform?: NodeJS.Platform;
  readonly environment?: MachineSource["environment"];
}

const MOST_BYTES = 64 * 1024;
const PROGRAM_TIMEOUT_MS = 5_000;

/** The machine that this runs on, or one whose files are in a folder. */
export function thisMachine(options: MachineOptions = {}): MachineSource {
  // oxlint-disable-next-line node/no-process-env -- the one place where the environment is read
  const { root = "/", platform = process.platform, environment = process.env } = options;
  const within = (path: string) => join(root, path);
  const isHere = root === "/";
  return {
    platform,
    environment,
    hostname: isHere ? hostname() : "",
    addresses: isHere ? ownAddresses() : [],
    read: (path) => readFileAt(within(path)),
    list: (path) => listAt(within(path)),
    linkAt: (path) => readlink(within(path)).catch(() => undefined),
    run: (program, args) =>
      isHere ? outputOf(program, args, environment) : Promise.resolve(undefined),
  };
}

async function readFileAt(path: string): Promise<FileReading> {
  try {
    await using file = await open(path, "r");
    // Files of /proc and /sys say that they are empty.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return { kind: "text", text: buffer.toString("utf8", 0, bytesRead).trim() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") return { kind: "denied" };
    if (code === undefined) throw error;
    // Files of devices fail in many a way where there is nothing to read.
    return { kind: "absent" };
  }
}

async function listAt(path: string): Promise<readonly string[]> {
  const names: readonly string[] = await readdir(path).catch(() => []);
  return names.toSorted();
}

function ownAddresses(): readonly string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const macs = interfaces.filter(({ internal }) => !internal).map(({ mac }) => mac);
  return [...new Set(macs)].toSorted();
}

function outputOf(
  program: string,
  args: readonly string[],
  environment: MachineSource["environment"],
): Promise<string | undefined> {
  // Nothing of the application's environment, but what no program of Windows does without.
  const env = { LC_ALL: "C", SystemRoot: environment["SystemRoot"] };
  const limits = { timeout: PROGRAM_TIMEOUT_MS, maxBuffer: MOST_BYTES, windowsHide: true };
  return new Promise((resolve) => {
    execFile(program, args, { ...limits, env }, (error, stdout) => {
      // An exit code is a number, and may be an answer: `systemd-detect-virt` ends with 1 on bare metal.
      const ended = error === null || typeof error.code === "number";
      resolve(ended && error?.killed !== true ? stdout.trim() : undefined);
    });
  });
}
