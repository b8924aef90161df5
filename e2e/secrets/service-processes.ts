import { readdir, readFile } from "node:fs/promises";

/** What the machine tells of a process to whoever asks. */
export interface ProcessFacts {
  readonly pid: string;
  readonly commandLine: string;
  /** Empty of a process that is another user's. */
  readonly environment: string;
}

/** All processes of this machine, by `/proc`. */
export async function processFacts(): Promise<readonly ProcessFacts[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = (pid: string, name: string) =>
    readFile(`/proc/${pid}/${name}`, "utf8").catch(() => ""); // it may have ended
  return Promise.all(
    pids.map(async (pid) => ({
      pid,
      commandLine: await read(pid, "cmdline"),
      environment: await read(pid, "environ"),
    })),
  );
}

/** Those of them that are services listening at one of these addresses. */
export function listeningAt(
  processes: readonly ProcessFacts[],
  addresses: readonly string[],
): readonly ProcessFacts[] {
  return processes.filter(({ environment }) =>
    addresses.some((address) => environment.includes(`_LISTEN=${address}\0`)),
  );
}
