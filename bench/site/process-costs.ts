import { readFile } from "node:fs/promises";

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** What processes have taken of the processors so far, in milliseconds. 0 where there is no /proc. */
export async function cpuMsOf(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(pids.map(cpuMs));
  return each.reduce((sum, ms) => sum + ms, 0);
}

async function cpuMs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The command's name, in parentheses, may hold anything.
  const [user = 0, system = 0] = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  return (user + system) * TICK_MS;
}

/** Resident memory, in bytes; 0 where there is no /proc. */
export async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
}
