import { execFile } from "node:child_process";
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { tellGuard } from "./guard.ts";
import type { RedisCandidate } from "./redis-program.ts";

const CACHE = fileURLToPath(new URL("../../../.cache/", import.meta.url));
const HOME = join(CACHE, "redis");
const APT_GET = "/usr/bin/apt-get";
const LIMIT_MS = 120_000;

/** The copy that an earlier run fetched, if there is one. */
export async function downloadedRedis(): Promise<RedisCandidate | undefined> {
  const libraries = join(HOME, "usr", "lib");
  const triplets = await readdir(libraries).catch(() => []);
  if (triplets.length === 0) return undefined;
  return {
    command: join(HOME, "usr", "bin", "redis-server"),
    env: { LD_LIBRARY_PATH: triplets.map((each) => join(libraries, each)).join(":") },
  };
}

/**
 * Fetches the distribution's own package with apt, with lists and cache of its own: it needs no
 * root and installs nothing. Two runs may do so at once; the one that is first to move its copy
 * into place wins, and the other uses that. Gives `undefined` where there is no apt.
 */
export async function downloadRedis(): Promise<RedisCandidate | undefined> {
  if (!(await isThere(APT_GET))) return undefined;
  console.error("Fetching redis-server with apt-get into .cache (nothing is installed) ...");
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, "redis-fetch-"));
  tellGuard({ kind: "folder", path: work });
  try {
    await fetchInto(work);
    await rename(join(work, "root"), HOME).catch(async (error: unknown) => {
      if (!(await isThere(HOME))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return downloadedRedis();
}

async function fetchInto(work: string): Promise<void> {
  const [lists, cache, root] = [join(work, "lists"), join(work, "cache"), join(work, "root")];
  await mkdir(join(lists, "partial"), { recursive: true });
  await mkdir(join(cache, "archives", "partial"), { recursive: true });
  await mkdir(root);
  const own = [
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${cache}`,
    `Dir::Log=${work}`,
    "Debug::NoLocking=1",
    "APT::Sandbox::User=",
  ];
  const apt = [...own.flatMap((option) => ["-o", option]), "-qq", "-y"];
  await run(APT_GET, [...apt, "update"]);
  await run(APT_GET, [
    ...apt,
    "--no-install-recommends",
    "--download-only",
    "install",
    "redis-server",
  ]);
  const archives = (await readdir(join(cache, "archives"))).filter((name) => name.endsWith(".deb"));
  for (const name of archives) await run("dpkg-deb", ["-x", join(cache, "archives", name), root]);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const running = promisify(execFile)(command, args, {
    timeout: LIMIT_MS,
    env: { ...process.env, LC_ALL: "C" },
  });
  const { pid } = running.child;
  if (pid !== undefined) tellGuard({ kind: "process", pid, stopSignal: "SIGTERM" });
  try {
    await running;
  } finally {
    if (pid !== undefined) tellGuard({ kind: "ended", pid });
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
