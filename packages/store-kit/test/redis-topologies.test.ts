import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  evaluate,
  evaluateAt,
  evaluateMany,
  openRedis,
  pingRedis,
  type RedisConnection,
  scriptOf,
} from "../src/index.ts";
import { asking, type Topology, TOPOLOGIES } from "./topologies.ts";

const COUNT = scriptOf("count", "return redis.call('INCR', KEYS[1])");
/** Holds its server up for a while after it has counted. */
const COUNT_SLOWLY = scriptOf(
  "count_slowly",
  `redis.call('INCR', KEYS[1])
   local t = redis.call('TIME')
   local till = t[1] * 1000 + t[2] / 1000 + 400
   repeat t = redis.call('TIME') until t[1] * 1000 + t[2] / 1000 > till
   return 'late'`,
);
const LENGTHS = scriptOf("lengths", "return { #KEYS[1], #ARGV[1] }");
const RUN_ID = scriptOf(
  "run_id",
  "return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')",
);

describe.each(TOPOLOGIES)("with $kind", ({ kind, start, primaries }) => {
  let stack: AsyncDisposableStack;
  let topology: Topology;
  let redis: RedisConnection;
  let keys = 0;
  const connected: string[] = [];
  const newKey = () => `store-kit:{${++keys}}`;
  const counted = async (key: string) =>
    asking(await topology.ownerOf(key), (server) => server.get(key));
  const forgetScripts = () =>
    Promise.all(topology.nodes.map(({ url }) => asking(url, (server) => server.script("FLUSH"))));

  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    topology = stack.use(await start());
    redis = stack.use(
      await openRedis({
        url: topology.url,
        commandTimeoutMs: 5_000,
        onConnected: (node) => connected.push(node),
      }),
    );
  });
  afterAll(() => stack.disposeAsync());

  test("a script runs, is known afterwards, and runs again when Redis has forgotten it", async () => {
    const key = newKey();
    expect(await evaluate(redis, COUNT, [key], [])).toBe(1);
    expect(await evaluate(redis, COUNT, [key], [])).toBe(2);
    await forgetScripts();
    expect(await evaluate(redis, COUNT, [key], [])).toBe(3);
  });

  test("many calls for many licenses go at once, each runs once and answers for itself", async () => {
    await forgetScripts();
    const names = Array.from({ length: 200 }, newKey);
    const text = names[77]!;
    await asking(await topology.ownerOf(text), (server) => server.set(text, "not a number"));
    const calls = [...names, ...names].map((name) => ({ keys: [name], args: [] }));
    const outcomes = await evaluateMany(redis, COUNT, calls);
    const refused = outcomes.filter(({ status }) => status === "rejected");
    const isBug = { status: "rejected", reason: { name: "ReplyError" } };
    expect(refused).toMatchObject([isBug, isBug]);
    expect([outcomes.indexOf(refused[0]!), outcomes.indexOf(refused[1]!)]).toEqual([77, 277]);
    const last = await evaluateMany(redis, COUNT, calls.slice(0, 77));
    for (const outcome of last) expect(outcome).toEqual({ status: "fulfilled", value: 3 });
  });

  test("bytes go in as they are", async () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    expect(await evaluate(redis, LENGTHS, [bytes], [bytes])).toEqual([4, 4]);
  });

  test("an error that a script raises is a bug, not an outage", async () => {
    const wrong = scriptOf("wrong", "return redis.call('NONSENSE')");
    await expect(evaluate(redis, wrong, [newKey()], [])).rejects.toMatchObject({
      name: "ReplyError",
    });
  });

  test("a script whose reply is lost with its connection ran once, and is not sent again", async () => {
    const key = newKey();
    await evaluate(redis, COUNT, [newKey()], []);
    const { client } = redis.routes.linkOf(key);
    client.stream.pause(); // what comes back is never read
    const outcome = evaluate(redis, COUNT, [key], []).catch((error: unknown) => error);
    await expect.poll(() => counted(key)).toBe("1");
    client.stream.destroy();
    expect(await outcome).toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
    await expect.poll(() => evaluate(redis, COUNT, [key], []).catch(() => "cut off")).toBe(2);
    expect(await counted(key)).toBe("2");
  });

  test("scripts of a pipeline whose replies are lost with their connection are not sent again", async () => {
    const key = newKey();
    const { client } = redis.routes.linkOf(key);
    await evaluate(redis, COUNT, [newKey()], []);
    client.stream.pause();
    const calls = [
      { keys: [key], args: [] },
      { keys: [key], args: [] },
    ];
    const outcomes = evaluateMany(redis, COUNT, calls);
    await expect.poll(() => counted(key)).toBe("2");
    client.stream.destroy();
    const unavailable = { status: "rejected", reason: { reason: "DEPENDENCY_UNAVAILABLE" } };
    expect(await outcomes).toMatchObject([unavailable, unavailable]);
    await expect.poll(() => evaluate(redis, COUNT, [key], []).catch(() => "cut off")).toBe(3);
  });

  test("a script whose reply comes too late ran once, and its caller knows that it is unsure", async () => {
    const key = newKey();
    await using impatient = await openRedis({ url: topology.url, commandTimeoutMs: 150 });
    await evaluate(redis, COUNT_SLOWLY, [key], []);
    await expect(evaluate(impatient, COUNT_SLOWLY, [key], [])).rejects.toMatchObject({
      reason: "DEPENDENCY_UNAVAILABLE",
    });
    await expect.poll(() => counted(key)).toBe("2");
    await expect.poll(() => evaluate(impatient, COUNT, [key], []).catch(() => 0)).toBe(3);
  });

  test("a command without a connection fails at once instead of waiting for one", async () => {
    const key = newKey();
    const { client } = redis.routes.linkOf(key);
    client.stream.destroy();
    await once(client, "close");
    const outcome = evaluate(redis, COUNT, [key], []).catch((error: unknown) => error);
    expect(await outcome).toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
    expect(client.status).not.toBe("ready");
    await expect.poll(() => evaluate(redis, COUNT, [key], []).catch(() => "cut off")).toBe(1);
  });

  test("every node that owns keys is known, told of when it is connected to, and can be asked", async () => {
    const names = Array.from({ length: 100 }, newKey);
    const nodes = new Set(names.map((name) => redis.nodeOf(name)));
    expect(nodes.size).toBe(primaries);
    expect(new Set(redis.nodes())).toEqual(nodes);
    expect(new Set(connected)).toEqual(nodes);
    for (const name of names.slice(0, 5)) {
      const ofKey = scriptOf("run_id_of_key", `local key = KEYS[1] ${RUN_ID.source}`);
      expect(await evaluateAt(redis, redis.nodeOf(name), RUN_ID, [])).toBe(
        await evaluate(redis, ofKey, [name], []),
      );
    }
    await expect(evaluateAt(redis, "nowhere:1", RUN_ID, [])).rejects.toMatchObject({
      reason: "DEPENDENCY_UNAVAILABLE",
    });
  });

  test("a sign of life is given", async () => {
    await expect(pingRedis(redis)).resolves.toBeUndefined();
  });

  test("its URL must tell what it is", async () => {
    const { host, password } = new URL(await topology.ownerOf("seat"));
    const form = kind === "a cluster" ? "redis" : "redis+cluster";
    await expect(
      openRedis({ url: `${form}://:${password}@${host}`, commandTimeoutMs: 1_000 }),
    ).rejects.toThrow(/cluster/i);
  });

  // One server has no replica that it could go on without; the others run it.
  test.skipIf(kind === "one server")(
    "primaries that go on without a replica are refused",
    async () => {
      const set = (count: number) =>
        Promise.all(
          topology.nodes.map(({ url }) =>
            asking(url, (server) => server.config("SET", "min-replicas-to-write", count)),
          ),
        );
      await set(0);
      const opening = openRedis({ url: topology.url, commandTimeoutMs: 1_000 });
      await expect(opening).rejects.toThrow("min-replicas-to-write");
      await set(1);
    },
  );

  test("it is told how far behind replicas may be", () => {
    const bounds = { minReplicas: 1, maxLagSeconds: 2 };
    const replicated = topology.nodes.length > 1 ? redis.nodes() : [];
    expect(redis.replication).toEqual(replicated.map((node) => ({ node, ...bounds })));
  });
});
