import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { folderUrl, type Version, versionAt } from "./version.ts";

const run = promisify(execFile);
const REPOSITORY = new URL("../../", import.meta.url);
/** Of the version that the workspace is developed with. */
const PNPM = "pnpm@12.21.0";

/** The commit that a branch of work began from, on the main branch. @throws if there is no such branch here */
export async function previousCommit(): Promise<string> {
  const { stdout } = await run("git", ["merge-base", "main", "HEAD~1"], { cwd: REPOSITORY });
  return stdout.trim();
}

/**
 * Takes a commit out of the repository, and installs what it depends on from what was fetched before. The
 * repository is only read.
 * @throws Error if there is no such commit, or something that it depends on was never fetched
 */
export async function checkOut(commit: string, folder: string): Promise<Version> {
  const { stdout } = await run("git", ["rev-parse", "--short", "--verify", `${commit}^{commit}`], {
    cwd: REPOSITORY,
  });
  const name = stdout.trim();
  const root = join(folder, name);
  await mkdir(root);
  const archive = join(folder, `${name}.tar`);
  await run("git", ["archive", "--format=tar", `--output=${archive}`, name], { cwd: REPOSITORY });
  await run("tar", ["-xf", archive, "-C", root]);
  const install = ["install", "--offline", "--frozen-lockfile", "--ignore-scripts"];
  await run("npx", ["--yes", PNPM, ...install], { cwd: root });
  return versionAt(folderUrl(root), name);
}
