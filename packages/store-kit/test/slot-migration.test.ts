import { type RedisCluster, type RedisNode, startRedisCluster } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keySlot } from "../src/key-slot.ts";
import { evaluate, evaluateMany, openRedis, type RedisConnection, scriptOf } from "../src/index.ts";
import { asking } from "./topologies.ts";

const COUNT = scriptOf("count", "return redis.call('INCR', KEYS[1])");
const COUNT_BOTH = scriptOf(
  "count_both",
  "return { redis.call('INCR', KEYS[1]), redis.call('INCR', KEYS[2]) }",
);

let stack: AsyncDisposableStack;
let cluster: RedisCluster;
let redis: RedisConnection;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  cluster = stack.use(await startRedisCluster());
  redis = stack.use(await openRedis({ url: cluster.url, commandTimeoutMs: 5_000 }));
});
afterAll(() => stack.disposeAsync());

function tell(
  node: RedisNode,
  command: string,
  ...args: readonly (string | number)[]
): Promise<unknown> {
  return asking(node.url, (server) => server.call(command, [...args]));
}

/** Moves the slot of a tag to another node, one step at a time. */
async function migration(tag: string) {
  const slot = keySlot(tag);
  const from = await cluster.primaryOf(tag);
  const owners = await Promise.all(
    ["{a}", "{b}", "{c}", "{d}"].map((key) => cluster.primaryOf(key)),
  );
  const to = owners.find((owner) => owner !== from)!;
  const [fromId, toId] = [await tell(from, "CLUSTER", "MYID"), await tell(to, "CLUSTER", "MYID")];
  const password = decodeURIComponent(new URL(to.url).password);
  return {
    to,
    begin: async () => {
      await tell(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", String(fromId));
      await tell(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", String(toId));
    },
    move: (...keys: readonly string[]) =>
      tell(from, "MIGRATE", "127.0.0.1", to.port, "", 0, 5_000, "AUTH", password, "KEYS", ...keys),
    end: async () => {
      await tell(to, "CLUSTER", "SETSLOT", slot, "NODE", String(toId));
      await tell(from, "CLUSTER", "SETSLOT", slot, "NODE", String(toId));
    },
  };
}

test("calls go on while their slot moves to another node, and each runs once", async () => {
  const tag = "{wanders}";
  const names = [`${tag}:1`, `${tag}:2`, `${tag}:new`];
  const steps = await migration(tag);
  let calls = 0;
  const callAll = async (): Promise<readonly unknown[]> => {
    calls += 1;
    const outcomes = await evaluateMany(
      redis,
      COUNT,
      names.map((name) => ({ keys: [name], args: [] })),
    );
    return outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : outcome));
  };
  const [first = "", second = "", third = ""] = names;
  const before = redis.nodeOf(first);
  await evaluate(redis, COUNT, [first], []);
  await evaluate(redis, COUNT, [second], []);
  await steps.begin();
  expect(await callAll()).toEqual([2, 2, 1]);
  await steps.move(first);
  expect(await callAll()).toEqual([3, 3, 2]);
  expect(redis.nodeOf(first)).toBe(before);
  await steps.move(second, third);
  expect(await callAll()).toEqual([4, 4, 3]);
  await steps.end();
  expect(await callAll()).toEqual([5, 5, 4]);
  expect(calls).toBe(4);
  expect(redis.nodeOf(first)).toBe(`127.0.0.1:${steps.to.port}`);
});

test("a script whose keys are torn apart by a migration waits for its end", async () => {
  const tag = "{torn}";
  const names = [`${tag}:1`, `${tag}:2`];
  const steps = await migration(tag);
  expect(await evaluate(redis, COUNT_BOTH, names, [])).toEqual([1, 1]);
  await steps.begin();
  await steps.move(names[0]!);
  let isOver = false;
  const outcome = evaluate(redis, COUNT_BOTH, names, []).finally(() => (isOver = true));
  await steps.move(names[1]!);
  expect(isOver).toBe(false);
  await steps.end();
  expect(await outcome).toEqual([2, 2]);
});

test("a script that is torn apart for too long did not run, and says so", async () => {
  const tag = "{stuck}";
  const names = [`${tag}:1`, `${tag}:2`];
  await using hasty = await openRedis({ url: cluster.url, commandTimeoutMs: 300 });
  const steps = await migration(tag);
  await evaluate(hasty, COUNT_BOTH, names, []);
  await steps.begin();
  await steps.move(names[0]!);
  await expect(evaluate(hasty, COUNT_BOTH, names, [])).rejects.toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
    cause: { message: expect.stringMatching(/^TRYAGAIN/) as unknown },
  });
  await steps.move(names[1]!);
  await steps.end();
  expect(await evaluate(hasty, COUNT_BOTH, names, [])).toEqual([2, 2]);
});

test("keys of different slots are a bug of the caller", async () => {
  await expect(evaluate(redis, COUNT_BOTH, ["{a}", "{b}"], [])).rejects.toThrow("CROSSSLOT");
});
