import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Prometheus and the tool that comes with it. */
export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
  /** As it tells it, for example `2.42.0`. */
  readonly version: string;
}

const CACHE = fileURLToPath(new URL("../../../.cache/", import.meta.url));
const HOME = join(CACHE, "prometheus");
const APT_GET = "/usr/bin/apt-get";
const LIMIT_MS = 300_000;
const run = promisify(execFile);

/**
 * Finds them on the path or where an earlier run put them, or fetches Debian's package with apt, with lists
 * and cache of its own: it needs no root and installs nothing. `undefined` where they cannot be had.
 */
export async function prometheusPrograms(): Promise<PrometheusPrograms | undefined> {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), join(HOME, "usr", "bin")];
  const known = await firstOf(folders);
  if (known || !(await isThere(APT_GET))) return known;
  console.error("Fetching prometheus with apt-get into .cache (nothing is installed) ...");
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, "prometheus-fetch-"));
  try {
    await fetchInto(work);
    await rename(join(work, "root"), HOME).catch(async (error: unknown) => {
      if (!(await isThere(HOME))) throw error;
    });
  } catch (error) {
    console.error(`prometheus could not be fetched: ${String(error)}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return firstOf([join(HOME, "usr", "bin")]);
}

async function firstOf(folders: readonly string[]): Promise<PrometheusPrograms | undefined> {
  for (const folder of folders) {
    const [prometheus, promtool] = [join(folder, "prometheus"), join(folder, "promtool")];
    if (folder === "" || !(await isThere(prometheus)) || !(await isThere(promtool))) continue;
    const { stdout, stderr } = await run(promtool, ["--version"]);
    const version = /version (\S+)/.exec(stdout + stderr)?.[1] ?? "of an unknown version";
    return { prometheus, promtool, version };
  }
  return undefined;
}

/** The programs are linked statically: nothing else of the distribution is wanted. */
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
  const limits = { cwd: work, timeout: LIMIT_MS, env: { ...process.env, LC_ALL: "C" } };
  await run(APT_GET, [...apt, "update"], limits);
  await run(APT_GET, [...apt, "download", "prometheus"], limits);
  const archives = (await readdir(work)).filter((name) => name.endsWith(".deb"));
  for (const name of archives) await run("dpkg-deb", ["-x", join(work, name), root], limits);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
