import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CACHE = fileURLToPath(new URL("../../.cache/", import.meta.url));
const HOME = join(CACHE, "etcd");
const LIMIT_MS = 120_000;

const run = (command: string, args: readonly string[], cwd?: string) =>
  promisify(execFile)(command, args, {
    timeout: LIMIT_MS,
    env: { ...process.env, LC_ALL: "C" },
    ...(cwd === undefined ? {} : { cwd }),
  });

/** An etcd of this machine. */
export interface EtcdProgram {
  readonly command: string;
  /** For example `etcd 3.4.23`. */
  readonly version: string;
}

/**
 * `$ETCD_SERVER`, else one on the path, else the distribution's package, fetched into .cache (nothing is
 * installed). `undefined` where none can be had.
 */
export async function findEtcd(): Promise<EtcdProgram | undefined> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const given = process.env["ETCD_SERVER"];
  const candidates = [
    ...(given === undefined ? [] : [given]),
    ...folders.map((folder) => join(folder, "etcd")),
    join(HOME, "usr", "bin", "etcd"),
  ];
  for (const command of candidates) {
    const version = await versionOf(command);
    if (version !== undefined) return { command, version };
  }
  const command = await download().catch((error: unknown) => {
    console.error(
      `etcd cannot be fetched: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  });
  const version = command === undefined ? undefined : await versionOf(command);
  return command !== undefined && version !== undefined ? { command, version } : undefined;
}

async function versionOf(command: string): Promise<string | undefined> {
  try {
    await access(command);
    const { stdout } = await run(command, ["--version"]);
    const [, version] = /^etcd Version: (\S+)/m.exec(stdout) ?? [];
    return version === undefined ? undefined : `etcd ${version}`;
  } catch {
    return undefined;
  }
}

/** Whoever is first to move its copy into place wins, and others use that. */
async function download(): Promise<string> {
  console.error("Fetching etcd-server with apt-get into .cache (nothing is installed) ...");
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, "etcd-fetch-"));
  try {
    await run("/usr/bin/apt-get", ["download", "-o", "APT::Sandbox::User=", "etcd-server"], work);
    const [archive] = (await readdir(work)).filter((name) => name.endsWith(".deb"));
    if (archive === undefined) throw new Error("apt-get fetched no package");
    const root = join(work, "root");
    await run("dpkg-deb", ["-x", join(work, archive), root]);
    await rename(root, HOME).catch(async (error: unknown) => {
      await access(HOME).catch(() => {
        throw error;
      });
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return join(HOME, "usr", "bin", "etcd");
}
