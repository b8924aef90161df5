import { Problem } from "@leasehold/kernel";
import { evaluate, openRedis, type RedisConnection, scriptOf } from "@leasehold/store-kit";
import { type RedisServer, startRedis, testRedis, until } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ActivationConfig, configSchema } from "../src/config.ts";
import { redisBuckets } from "../src/store/redis-buckets.ts";
import type { Bucket, Buckets } from "../src/use-cases/unlock-limit-ports.ts";
import { issuedLicense } from "./issued.ts";
import { logged, type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId, freshKey, unlockRequest } from "./unlock-requests.ts";

const HOUR = 3_600_000;
const RATES = [
  "unlockTriesPerNetwork",
  "unlockFailuresPerNetwork",
  "unlockFailuresPerKey",
] as const;
type RateName = (typeof RATES)[number];

let redis: RedisConnection;
let buckets: Buckets;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  const { url } = stack.use(await testRedis());
  redis = stack.use(await openRedis({ url, commandTimeoutMs: 5_000 }));
  buckets = redisBuckets(() => redis);
});
afterAll(() => stack.disposeAsync());

const CALL = scriptOf("call", "return redis.call(unpack(ARGV))");

/** What Redis answers to a command. */
function look(connection: RedisConnection, ...words: string[]): Promise<unknown> {
  return evaluate(connection, CALL, ["unlock:{limits}:"], words);
}

/** A bucket of its own that fills so slowly that no test notices. */
function bucket(count: number, given: Partial<Bucket> = {}): Bucket {
  return { key: freshId(), rate: { count, periodMs: HOUR }, take: true, ...given };
}

test("a bucket has as many tokens as its rate says, and then tells how long the next one takes", async () => {
  const ten = bucket(10);
  for (let n = 0; n < 10; n += 1) expect(await buckets.ask([ten])).toBe(0);
  const wait = await buckets.ask([ten]);
  expect(wait).toBeGreaterThan(HOUR / 10 - 60_000);
  expect(wait).toBeLessThanOrEqual(HOUR / 10);
});

test("of a hundred at a time exactly as many get a token as there are", async () => {
  const ten = bucket(10);
  const waits = await Promise.all(Array.from({ length: 100 }, () => buckets.ask([ten])));
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
});

test("what one bucket refuses takes nothing from the others, and looking takes nothing at all", async () => {
  const [one, other] = [bucket(1), bucket(1)];
  expect(await buckets.ask([{ ...one, take: false }])).toBe(0);
  await buckets.charge([one]);
  expect(await buckets.ask([other, { ...one, take: false }])).toBeGreaterThan(0);
  expect(await buckets.ask([other])).toBe(0);
});

test("however many are charged, a bucket is empty for a period and one share at most", async () => {
  const two = bucket(2);
  for (let n = 0; n < 50; n += 1) await buckets.charge([two]);
  const wait = await buckets.ask([two]);
  expect(wait).toBeGreaterThan(1.4 * HOUR);
  expect(wait).toBeLessThanOrEqual(1.5 * HOUR);
});

test("a bucket goes when it is full again, and a clock that was set back does not keep it empty", async () => {
  const one = bucket(4);
  await buckets.ask([one]);
  const key = `unlock:{limits}:${one.key}`;
  const life = await look(redis, "PTTL", key);
  expect(Number(life)).toBeGreaterThan(0);
  expect(Number(life)).toBeLessThanOrEqual(HOUR / 4);
  await look(redis, "SET", key, String((Date.now() + 1_000 * HOUR) * 1_000));
  expect(await buckets.ask([one])).toBeLessThanOrEqual(1.25 * HOUR);
});

test("what is kept of a bucket is when it is full again, in whole microseconds of Redis' clock", async () => {
  const four = bucket(4);
  const before = Number(await look(redis, "TIME").then((time) => (time as string[])[0]));
  await buckets.ask([four]);
  const kept = String(await look(redis, "GET", `unlock:{limits}:${four.key}`));
  expect(kept).toMatch(/^\d{16}$/);
  const after = Number(await look(redis, "TIME").then((time) => (time as string[])[0])) + 1;
  const takenAt = Number(kept) / 1_000_000 - HOUR / 4_000;
  expect(takenAt).toBeGreaterThanOrEqual(before);
  expect(takenAt).toBeLessThanOrEqual(after);
});

/** The rates of a service that is told none. */
function defaultRates(): Partial<ActivationConfig> {
  const read = (name: RateName) => {
    const field = configSchema.fields[name];
    const given = field.read(field.default ?? "");
    if ("fault" in given) throw new Error(given.fault);
    return given.value;
  };
  return Object.fromEntries(RATES.map((name) => [name, read(name)]));
}

/** A service with these rates, and plenty of all others. */
async function limited(
  settings: Partial<ActivationConfig>,
  redisUrl?: string,
): Promise<RunningActivation> {
  return runningActivation({ settings, replicas: 2, ...(redisUrl !== undefined && { redisUrl }) });
}

/** What a request comes to. */
async function outcome(
  running: RunningActivation,
  request: Parameters<RunningActivation["unlock"]>[0],
): Promise<string> {
  return running.unlock(request).then(
    () => "unlocked",
    ({ reason }: Problem) => reason,
  );
}

function newKey(running: RunningActivation, name: string): string {
  const key = freshKey();
  running.issuer.put(issuedLicense(name, 1n), key.data);
  return key.text;
}

test("two hundred machines behind one address unlock with one key in one go, by the default limits", async () => {
  await using running = await limited(defaultRates());
  const key = newKey(running, "rollout");
  for (let wave = 0; wave < 8; wave += 1) {
    const outcomes = await Promise.all(
      Array.from({ length: 25 }, () => outcome(running, unlockRequest(key))),
    );
    expect(new Set(outcomes)).toEqual(new Set(["unlocked"]));
  }
}, 60_000);

test("guesses from one network run out, and then a right key has to wait too", async () => {
  await using running = await limited({ unlockFailuresPerNetwork: { count: 3, periodMs: HOUR } });
  const key = newKey(running, "guessed");
  const request = unlockRequest(key);
  expect(await outcome(running, request)).toBe("unlocked");
  for (let n = 0; n < 3; n += 1)
    expect(await outcome(running, unlockRequest(freshKey().text))).toBe("UNLOCK_REFUSED");
  const asked = running.issuer.count("verifyProductKey");
  const refused = await running.unlock(unlockRequest(key)).catch((error: unknown) => error);
  expect(refused).toMatchObject({ reason: "RATE_LIMITED" });
  expect((refused as Problem).retryAfterMs).toBeGreaterThan(HOUR / 4);
  // What retries by itself, as gRPC clients do, is told not to: it would wait beyond its deadline.
  const { code, metadata } = (refused as Problem).cause as {
    readonly code: number;
    readonly metadata: { get(name: string): readonly unknown[] };
  };
  expect(code).toBe(8); // RESOURCE_EXHAUSTED
  expect(metadata.get("grpc-retry-pushback-ms")).toEqual(["-1"]);
  expect(running.issuer.count("verifyProductKey")).toBe(asked);
  // What was carried out is told again, limit or not.
  expect(await outcome(running, request)).toBe("unlocked");
});

test("guesses of the name that belongs to a key run out for this key alone, at all replicas", async () => {
  await using running = await limited({ unlockFailuresPerKey: { count: 2, periodMs: HOUR } });
  const [key, other] = [newKey(running, "named"), newKey(running, "other")];
  for (const licenseeName of ["Grace", "Charles"])
    expect(await outcome(running, unlockRequest(key, { licenseeName }))).toBe("UNLOCK_REFUSED");
  expect(await outcome(running, unlockRequest(key.toLowerCase()))).toBe("RATE_LIMITED");
  await expect(running.replica(2).unlock(unlockRequest(key))).rejects.toMatchObject({
    reason: "RATE_LIMITED",
  });
  expect(await outcome(running, unlockRequest(other))).toBe("unlocked");
});

test("tries run out whatever comes of them, retired keys among them; mistyped keys cost nothing", async () => {
  await using running = await limited({ unlockTriesPerNetwork: { count: 2, periodMs: HOUR } });
  const key = newKey(running, "tried");
  for (let n = 0; n < 5; n += 1)
    expect(await outcome(running, unlockRequest(key.slice(1)))).toBe("KEY_CHECK");
  const retired = unlockRequest("LH1-4F7K-9QZX-11TP");
  expect(await outcome(running, retired)).toBe("KEY_GENERATION_RETIRED");
  expect(await outcome(running, unlockRequest(key))).toBe("unlocked");
  expect(await outcome(running, unlockRequest(key))).toBe("RATE_LIMITED");
  expect(await outcome(running, retired)).toBe("RATE_LIMITED");
});

test("conditions that are not met are no guesses", async () => {
  await using running = await limited({ unlockFailuresPerKey: { count: 1, periodMs: HOUR } });
  const key = newKey(running, "expired");
  running.issuer.failures.set("verifyProductKey", new Problem("LICENSE_EXPIRED"));
  for (let n = 0; n < 3; n += 1)
    expect(await outcome(running, unlockRequest(key))).toBe("LICENSE_EXPIRED");
});

test("neither product keys nor anything that tells them stands in Redis", async () => {
  const { url } = stack.use(await testRedis());
  await using running = await limited({ unlockFailuresPerKey: { count: 5, periodMs: HOUR } }, url);
  const key = freshKey();
  await outcome(running, unlockRequest(key.text));
  await using connection = await openRedis({ url, commandTimeoutMs: 5_000 });
  const keys = (await look(connection, "KEYS", "*")) as readonly string[];
  expect(keys.filter((name) => name.startsWith("unlock:{limits}:failures:key:"))).toHaveLength(1);
  for (const trace of [key.text, key.data, key.text.replaceAll("-", "").toLowerCase()])
    expect(keys.join("\n")).not.toContain(trace);
});

test("while Redis is away each process grants a tenth, and shares again when it is back", async () => {
  await using server: RedisServer = await startRedis();
  const rates = { unlockTriesPerNetwork: { count: 20, periodMs: HOUR } };
  await using running = await limited(rates, server.url);
  const key = newKey(running, "alone");
  await server.kill();
  for (let n = 0; n < 2; n += 1)
    expect(await outcome(running, unlockRequest(key))).toBe("unlocked");
  expect(await outcome(running, unlockRequest(key))).toBe("RATE_LIMITED");
  expect(running.log).toContainEqual(logged("limits of unlocking not shared"));
  await server.restart({ data: "lost" });
  await until("limits are shared again", 20_000, async () =>
    (await outcome(running, unlockRequest(key))) === "unlocked" ? true : undefined,
  );
  expect(running.log).toContainEqual(logged("limits of unlocking shared again"));
}, 60_000);

test("a Redis that hangs keeps nobody from unlocking, or from being limited", async () => {
  await using server: RedisServer = await startRedis();
  const rates = { unlockTriesPerNetwork: { count: 10, periodMs: HOUR } };
  await using running = await limited(rates, server.url);
  const key = newKey(running, "hung");
  server.pause();
  expect(await outcome(running, unlockRequest(key))).toBe("unlocked");
  expect(await outcome(running, unlockRequest(key))).toBe("RATE_LIMITED");
  server.resume();
}, 60_000);

test("the service starts without its Redis, limits by itself, and finds it later", async () => {
  await using server: RedisServer = await startRedis();
  await server.kill();
  const rates = { unlockTriesPerNetwork: { count: 10, periodMs: HOUR } };
  await using running = await limited(rates, server.url);
  const key = newKey(running, "early");
  expect(await outcome(running, unlockRequest(key))).toBe("unlocked");
  expect(await outcome(running, unlockRequest(key))).toBe("RATE_LIMITED");
  await server.restart();
  await until("Redis is found", 20_000, async () =>
    (await outcome(running, unlockRequest(key))) === "unlocked" ? true : undefined,
  );
}, 60_000);
