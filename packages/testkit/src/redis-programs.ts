import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { downloadedRedis, downloadRedis } from "./redis-download.ts";
import type { RedisCandidate, RedisProgram } from "./redis-program.ts";

const OLDEST_MAJOR = 7;
const NAMES = ["redis-server", "valkey-server"];
const WAYS_OUT = `No Redis ${OLDEST_MAJOR} or later, nor Valkey. Ways out:
  - install redis or valkey (apt install redis-server, dnf install valkey, brew install redis), or
  - set REDIS_SERVER to the path of redis-server or valkey-server, or
  - set REDIS_URL to a running one that tests may fill (enough for tests that do not crash it).`;

/**
 * In this order: `$REDIS_SERVER` (then no other), the PATH, the copy fetched earlier, and on Debian and
 * its kin a copy fetched now into the project's `.cache`, with nothing installed.
 */
export async function findRedis(): Promise<RedisProgram> {
  const given = process.env["REDIS_SERVER"];
  if (given !== undefined) return usable(given);
  const tried: string[] = [];
  for (const find of [
    ...onPath().map((each) => () => Promise.resolve(each)),
    downloadedRedis,
    downloadRedis,
  ]) {
    try {
      const candidate = await find();
      if (candidate === undefined || !(await isExecutable(candidate.command))) continue;
      return await withVersion(candidate);
    } catch (error) {
      tried.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error([WAYS_OUT, ...tried].join("\n  tried: "));
}

async function usable(command: string): Promise<RedisProgram> {
  if (!(await isExecutable(command))) throw new Error(`REDIS_SERVER: no program at ${command}`);
  return withVersion({ command, env: {} });
}

function onPath(): readonly RedisCandidate[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) =>
    folders.map((folder) => ({ command: join(folder, name), env: {} })),
  );
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function withVersion(candidate: RedisCandidate): Promise<RedisProgram> {
  const { stdout } = await promisify(execFile)(candidate.command, ["--version"], {
    env: candidate.env,
  });
  return { ...candidate, version: readVersion(stdout, candidate.command) };
}

/** Reads what `--version` prints: `Redis server v=7.0.15 sha=…` or `Valkey server v=8.1.1 …`. */
export function readVersion(printed: string, command: string): string {
  const [, name, version = "", major = ""] =
    /^(Redis|Valkey) server v=((\d+)[\d.]*)/.exec(printed) ?? [];
  if (name === undefined) throw new Error(`${command} is neither Redis nor Valkey`);
  if (Number(major) < OLDEST_MAJOR)
    throw new Error(`${command} is ${name} ${version}, older than ${OLDEST_MAJOR}`);
  return `${name} ${version}`;
}
