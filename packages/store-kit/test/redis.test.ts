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
import { cuttingProxy } from "./cutting-proxy.ts";

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
const LENGTHS = scriptOf("lengths", "return { #KEYS[1], #ARGV[1] }");

let stack: AsyncDisposableStack;
let url: string;
let redis: RedisConnection;
let keys = 0;
const newKey = () => `store-kit:${++keys}`;
const answers = (connection: RedisConnection) =>
  pingRedis(connection).then(
    () => true,
    () => false,
  );
const counted = (key: string) => redis.client.get(key);

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  ({ url } = stack.use(await startRedis()));
  redis = stack.use(await openRedis({ url, commandTimeoutMs: 5_000 }));
});
afterAll(() => stack.disposeAsync());

test("a script runs, is known afterwards, and runs again after SCRIPT FLUSH", async () => {
  const key = newKey();
  expect(await evaluate(redis, COUNT, [key], [])).toBe(1);
  expect(await evaluate(redis, COUNT, [key], [])).toBe(2);
  await redis.client.script("FLUSH");
  expect(await evaluate(redis, COUNT, [key], [])).toBe(3);
});

test("many calls go in one pipeline, each runs once and answers for itself", async () => {
  await redis.client.script("FLUSH");
  const key = newKey();
  const text = newKey();
  await redis.client.set(text, "not a number");
  const outcomes = await evaluateMany(
    redis,
    COUNT,
    [key, text, key].map((name) => ({ keys: [name], args: [] })),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await counted(key)).toBe("2");
});

test("bytes go in as they are", async () => {
  const bytes = Buffer.from([0, 255, 128, 10]);
  expect(await evaluate(redis, LENGTHS, [bytes], [bytes])).toEqual([4, 4]);
});

test("an error that a script raises is a bug, not an outage", async () => {
  const wrong = scriptOf("wrong", "return redis.call('NONSENSE')");
  await expect(evaluate(redis, wrong, [], [])).rejects.toMatchObject({ name: "ReplyError" });
});

test("a script whose reply comes too late ran once, and its caller knows that it is unsure", async () => {
  const key = newKey();
  await using impatient = await openRedis({ url, commandTimeoutMs: 100 });
  await evaluate(redis, COUNT_SLOWLY, [key], []);
  await expect(evaluate(impatient, COUNT_SLOWLY, [key], [])).rejects.toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
  await pingRedis(redis);
  await expect.poll(() => answers(impatient)).toBe(true);
  expect(await counted(key)).toBe("2");
});

test("a script whose reply is lost with its connection is not sent again", async () => {
  const key = newKey();
  await using proxy = await cuttingProxy(Number(new URL(url).port));
  const through = new URL(url);
  through.port = String(proxy.port);
  await using connection = await openRedis({ url: through.href, commandTimeoutMs: 60_000 });
  await evaluate(connection, COUNT, [newKey()], []);
  proxy.cutAtNextReply();
  await expect(evaluate(connection, COUNT, [key], [])).rejects.toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
  await expect.poll(() => answers(connection)).toBe(true);
  expect(await counted(key)).toBe("1");
});

test("a script that is cut off while many are under way fails them all, and none runs twice", async () => {
  const names = Array.from({ length: 20 }, newKey);
  await using victim = await openRedis({ url, commandTimeoutMs: 5_000 });
  const id = await victim.client.client("ID");
  await evaluate(victim, COUNT, [newKey()], []);
  const outcomes = evaluateMany(
    victim,
    COUNT,
    names.map((name) => ({ keys: [name], args: [] })),
  );
  await redis.client.client("KILL", "ID", id);
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
  await expect.poll(() => connection.client.status).toBe("reconnecting");
  await connection[Symbol.asyncDispose]();
  expect(await answers(connection)).toBe(false);
});

test("a command without a connection fails at once instead of waiting for one", async () => {
  await using server = await startRedis();
  await using connection = await openRedis({ url: server.url, commandTimeoutMs: 60_000 });
  await server.kill();
  await expect.poll(() => connection.client.status).not.toBe("ready");
  const key = newKey();
  const outcome = evaluate(connection, COUNT, [key], []).catch((error: unknown) => error);
  const turnLater = new Promise((resolve) => setImmediate(resolve, "still waiting"));
  expect(await Promise.race([outcome, turnLater])).toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
  await server.restart();
  await expect.poll(() => answers(connection)).toBe(true);
  expect(await connection.client.get(key)).toBeNull();
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

test("a Redis that is not there is unavailable", async () => {
  await expect(
    openRedis({ url: "redis://127.0.0.1:1", commandTimeoutMs: 1_000 }),
  ).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
});

test("the shared Redis of a test run is fit", async () => {
  await using shared = await testRedis();
  await using connection = await openRedis({ url: shared.url, commandTimeoutMs: 1_000 });
  await expect(pingRedis(connection)).resolves.toBeUndefined();
});
