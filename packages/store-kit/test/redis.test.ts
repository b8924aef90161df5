import { startRedis, testRedis } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  evaluate,
  evaluateMany,
  openRedis,
  pingRedis,
  type RedisConnection,
  scriptOf,
} from "../src/index.ts";
import { asking } from "./topologies.ts";

const COUNT = scriptOf("count", "return redis.call('INCR', KEYS[1])");
/** Holds the whole server up for a while after it has counted. */
const COUNT_SLOWLY = scriptOf(
  "count_slowly",
  `redis.call('INCR', KEYS[1])
   local t = redis.call('TIME')
   local till = t[1] * 1000 + t[2] / 1000 + 400
   repeat t = redis.call('TIME') until t[1] * 1000 + t[2] / 1000 > till
   return 'late'`,
);

let stack: AsyncDisposableStack;
let url: string;
let keys = 0;
const newKey = () => `store-kit:${++keys}`;
const answers = (connection: RedisConnection) =>
  pingRedis(connection).then(
    () => true,
    () => false,
  );
const counted = (key: string) => asking(url, (server) => server.get(key));
const clientOf = (connection: RedisConnection) => connection.routes.linkOf(undefined).client;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  ({ url } = stack.use(await startRedis()));
});
afterAll(() => stack.disposeAsync());

test("a script that is cut off while many are under way fails them all, and none runs twice", async () => {
  const names = Array.from({ length: 20 }, newKey);
  await using victim = await openRedis({ url, commandTimeoutMs: 5_000 });
  const id = await clientOf(victim).client("ID");
  await evaluate(victim, COUNT, [newKey()], []);
  const outcomes = evaluateMany(
    victim,
    COUNT,
    names.map((name) => ({ keys: [name], args: [] })),
  );
  await asking(url, (server) => server.client("KILL", "ID", id));
  await outcomes;
  await expect.poll(() => answers(victim)).toBe(true);
  for (const name of names) expect(["1", null]).toContain(await counted(name));
});

test("each of several calls is told that there is no connection", async () => {
  await using server = await startRedis();
  await using connection = await openRedis({ url: server.url, commandTimeoutMs: 60_000 });
  const calls = [newKey(), newKey()].map((name) => ({ keys: [name], args: [] }));
  const unavailable = { status: "rejected", reason: { reason: "DEPENDENCY_UNAVAILABLE" } };
  const inFlight = evaluateMany(connection, COUNT_SLOWLY, calls);
  await server.kill();
  expect(await inFlight).toMatchObject([unavailable, unavailable]);
  const without = await evaluateMany(connection, COUNT, calls);
  expect(without).toMatchObject([unavailable, unavailable]);
});

test("a connection is let go while Redis is away", async () => {
  await using server = await startRedis();
  const connection = await openRedis({ url: server.url, commandTimeoutMs: 1_000 });
  await server.kill();
  await expect.poll(() => clientOf(connection).status).toBe("reconnecting");
  await connection[Symbol.asyncDispose]();
  expect(await answers(connection)).toBe(false);
});

test("a command without a connection fails at once instead of waiting for one", async () => {
  await using server = await startRedis();
  await using connection = await openRedis({ url: server.url, commandTimeoutMs: 60_000 });
  await server.kill();
  await expect.poll(() => clientOf(connection).status).not.toBe("ready");
  const key = newKey();
  const outcome = evaluate(connection, COUNT, [key], []).catch((error: unknown) => error);
  const turnLater = new Promise((resolve) => setImmediate(resolve, "still waiting"));
  expect(await Promise.race([outcome, turnLater])).toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
  await server.restart();
  await expect.poll(() => answers(connection)).toBe(true);
  expect(await asking(server.url, (direct) => direct.get(key))).toBeNull();
});

test("a Redis that may evict keys is refused", async () => {
  await using server = await startRedis();
  const admin = new Redis(server.url);
  await admin.config("SET", "maxmemory-policy", "allkeys-lru");
  admin.disconnect();
  await expect(openRedis({ url: server.url, commandTimeoutMs: 1_000 })).rejects.toThrow(
    "noeviction",
  );
});

test("a user that may not read INFO in scripts is refused", async () => {
  await using server = await startRedis();
  const admin = new Redis(server.url);
  await admin.call("ACL", "SETUSER", "limited", "on", ">secret", "~*", "+@all", "-eval");
  admin.disconnect();
  const limited = new URL(server.url);
  limited.username = "limited";
  limited.password = "secret";
  await expect(openRedis({ url: limited.href, commandTimeoutMs: 1_000 })).rejects.toThrow(
    "scripts",
  );
});

test.each([
  "redis://127.0.0.1:1",
  "redis+sentinel://127.0.0.1:1/seats",
  "redis+cluster://127.0.0.1:1",
])("a Redis that is not there is unavailable: %s", async (nowhere) => {
  await expect(openRedis({ url: nowhere, commandTimeoutMs: 1_000 })).rejects.toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
});

test.each(["redis", "redis+cluster"])("a wrong password is told as such: %s", async (scheme) => {
  const { host } = new URL(url);
  await expect(
    openRedis({ url: `${scheme}://:wrong@${host}`, commandTimeoutMs: 1_000 }),
  ).rejects.toThrow("WRONGPASS");
});

test("a password that is not in the URL is the one of the user that is", async () => {
  await using server = await startRedis();
  const admin = new Redis(server.url);
  await admin.call("ACL", "SETUSER", "broker", "on", ">secret", "~*", "+@all");
  admin.disconnect();
  const named = new URL(server.url);
  named.username = "broker";
  named.password = "";
  const open = (password: string) =>
    openRedis({ url: named.href, password, commandTimeoutMs: 1_000 });
  await using connection = await open("secret");
  expect(await clientOf(connection).call("ACL", "WHOAMI")).toBe("broker");
  await expect(open("wrong")).rejects.toThrow("Redis refuses: WRONGPASS");
});

test("the shared Redis of a test run is fit", async () => {
  await using shared = await testRedis();
  await using connection = await openRedis({ url: shared.url, commandTimeoutMs: 1_000 });
  await expect(pingRedis(connection)).resolves.toBeUndefined();
});
