import { readdir, readFile } from "node:fs/promises";

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;
const KIB = 1_024;

/** What a process, or a server of several, has taken so far. All 0 where there is no /proc. */
export interface ProcessCosts {
  /** Of the processors, in milliseconds. */
  readonly cpuMs: number;
  /** Resident memory, in bytes; what processes share counts once. */
  readonly memory: number;
}

/** What processes have taken of the processors so far, in milliseconds. 0 where there is no /proc. */
export async function cpuMsOf(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(pids.map(statOf));
  return each.reduce((sum, { ownMs }) => sum + ownMs, 0);
}

/** Resident memory, in bytes; 0 where there is no /proc. */
export async function memoryOf(pid: number): Promise<number> {
  return (await memoryFacts(pid)).resident;
}

export async function costsOf(pid: number): Promise<ProcessCosts> {
  return { cpuMs: await cpuMsOf([pid]), memory: await memoryOf(pid) };
}

/** The same of a process and all that it has started, those that have ended included. */
export async function familyCostsOf(pid: number): Promise<ProcessCosts> {
  const parent = await statOf(pid);
  const children = await childrenOf(pid);
  const memories = await Promise.all([pid, ...children].map(memoryFacts));
  const own = memories.reduce((sum, { resident, shared }) => sum + resident - shared, 0);
  return {
    cpuMs: parent.ownMs + parent.endedMs + (await cpuMsOf(children)),
    memory: own + memories.reduce((most, { shared }) => Math.max(most, shared), 0),
  };
}

interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  /** Of its children that have ended. */
  readonly endedMs: number;
}

async function statOf(pid: number): Promise<Stat> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The command's name, in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
  return {
    parent: Number(fields[1] ?? 0),
    ownMs: (user + system) * TICK_MS,
    endedMs: (endedUser + endedSystem) * TICK_MS,
  };
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const all = (await readdir("/proc").catch(() => [])).map(Number).filter(Number.isInteger);
  const stats = await Promise.all(all.map(async (one) => ({ one, ...(await statOf(one)) })));
  return stats.filter(({ parent }) => parent === pid).map(({ one }) => one);
}

async function memoryFacts(pid: number) {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0) * KIB;
  return { resident: bytes("VmRSS"), shared: bytes("RssShmem") };
}
