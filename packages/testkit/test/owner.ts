/* A program that owns servers and a folder, says so in one line, and waits to be ended. */
import {
  guardedFolder,
  startPostgres,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
  watchLaunchers,
} from "../src/index.ts";

const folder = await guardedFolder("owner");
const redis = await startRedis();
const postgres = process.argv.includes("--postgres") ? await startPostgres() : undefined;
const sets = process.argv.includes("--sets")
  ? [await startRedisSentinel(), await startRedisCluster()]
  : [];
const launchers = watchLaunchers(() => process.exit(3));
if (process.argv.includes("--pause-redis")) redis.pause();
const urls = [
  redis.url,
  ...(postgres === undefined ? [] : [postgres.url]),
  ...sets.flatMap(({ nodes }) => nodes.map(({ url }) => url)),
];
console.log(JSON.stringify({ pid: process.pid, folder: folder.path, urls }));
process.stdin.on("end", () => void letGo());
process.stdin.resume();

async function letGo(): Promise<void> {
  launchers[Symbol.dispose]();
  for (const each of [redis, postgres, ...sets, folder]) await each?.[Symbol.asyncDispose]();
}
