import { readdir, readFile } from "node:fs/promises";

/** The process whose environment says so, by `/proc`; Linux only. */
export async function pidByEnvironment(name: string, value: string): Promise<number> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const environment = await readFile(`/proc/${entry}/environ`, "latin1").catch(() => "");
    if (environment.split("\0").includes(`${name}=${value}`)) return Number(entry);
  }
  throw new Error(`no process has ${name}=${value}`);
}

/** The most memory that a process has had at a time, in MiB. */
export async function peakRssMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const [, kib = ""] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kib === "") throw new Error(`/proc/${pid} tells of no memory`);
  return Math.ceil(Number(kib) / 1024);
}
