import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { type ServiceKind, SERVICES } from "@leasehold/dev-cluster/parts";
import { openPostgres } from "@leasehold/store-kit";
import { freePort, startRedis, until } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KINDS } from "../version/version.ts";
import { type Ended, type Startable, startable } from "./startable.ts";

// Whatever keeps a service from starting, the last line of its log names it, and the setting to look at.

let place: Startable;
beforeAll(async () => {
  place = await startable();
});
afterAll(() => place[Symbol.asyncDispose]());

const TIMEOUT = { timeout: 120_000 };

const named = (kind: ServiceKind, ...settings: readonly string[]): readonly string[] =>
  settings.map((setting) => `${SERVICES[kind].prefix}_${setting}`);

async function failure(
  kind: ServiceKind,
  settings: Readonly<Record<string, string>>,
): Promise<Ended> {
  return place.end(kind, await place.environment(kind, settings));
}

/** An end that names the cause and the settings. */
const failed = (why: RegExp, settings: readonly string[]) => ({
  code: "exit code 1",
  last: {
    msg: "the service failed",
    why: expect.stringMatching(why) as unknown,
    settings: expect.arrayContaining([...settings]) as unknown,
  },
});

async function fileWith(content: string): Promise<string> {
  const path = join(place.folder, randomBytes(8).toString("hex"));
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

const anotherKey = () => fileWith(randomBytes(32).toString("hex"));

async function inDatabase(kind: ServiceKind, text: string): Promise<void> {
  await using postgres = openPostgres({
    url: place.databaseUrls[kind],
    poolSize: 1,
    statementTimeoutMs: 5_000,
    applicationName: "drill",
  });
  await postgres.query({ text });
}

test.each(KINDS)("%s: the database is away", TIMEOUT, async (kind) => {
  const url = `postgres://nobody@127.0.0.1:${await freePort()}/nowhere`;
  const ended = await failure(kind, { DATABASE_URL: url });
  expect(ended).toMatchObject(
    failed(/^the database is unavailable: .*ECONNREFUSED/, named(kind, "DATABASE_URL")),
  );
});

test.each(KINDS)("%s: the database refuses the password", TIMEOUT, async (kind) => {
  const ended = await failure(kind, { DATABASE_PASSWORD_FILE: await fileWith("guessed") });
  const why = /^the database is unavailable: password authentication failed/;
  expect(ended).toMatchObject(failed(why, named(kind, "DATABASE_PASSWORD_FILE")));
  expect(ended.text).not.toContain("guessed");
});

test.each(KINDS)("%s: the schema is newer than the code", TIMEOUT, async (kind) => {
  const migrated = await place.end(kind, await place.environment(kind), "--migrate");
  expect(migrated).toMatchObject({ code: "exit code 0" });
  await inDatabase(
    kind,
    "insert into schema_migration values (9000, '9000_less', '', now(), 8999)",
  );
  try {
    const why =
      /^the schema is newer than this version: 9000_less needs one that knows migration 8999/;
    expect(await failure(kind, {})).toMatchObject(failed(why, named(kind, "DATABASE_URL")));
  } finally {
    await inDatabase(kind, "delete from schema_migration where version = 9000");
  }
});

test.each(KINDS)("%s: the port is taken", TIMEOUT, async (kind) => {
  await using server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ended = await failure(kind, { LISTEN: `127.0.0.1:${port}` });
  expect(ended).toMatchObject(failed(new RegExp(`EADDRINUSE.*${port}`), named(kind, "LISTEN")));
});

test.each(KINDS)("%s: a certificate is unusable", TIMEOUT, async (kind) => {
  const settings = { TLS_CERTIFICATE_FILE: await fileWith("-"), TLS_KEY_FILE: await fileWith("-") };
  const ended = await failure(kind, settings);
  expect(ended).toMatchObject(
    failed(/^the server certificate is not usable: /, named(kind, "TLS_CERTIFICATE_FILE")),
  );
});

test.each(KINDS)("%s: a file cannot be read", TIMEOUT, async (kind) => {
  const { code, text } = await failure(kind, { BEARER_TOKENS_FILE: "/nowhere" });
  expect(code).toBe("exit code 78");
  const [setting] = named(kind, "BEARER_TOKENS_FILE");
  expect(text).toContain(`${setting} names a file that cannot be read (ENOENT): /nowhere`);
});

test.each(KINDS)("%s: plaintext beyond this machine was not allowed", TIMEOUT, async (kind) => {
  const { code, text } = await failure(kind, { LISTEN: "0.0.0.0:0" });
  expect(code).toBe("exit code 78");
  expect(text).toContain(
    `${named(kind, "LISTEN")[0]} is not loopback: transport security is required`,
  );
});

test("the seat-broker: Redis is away", TIMEOUT, async () => {
  const ended = await failure("seat-broker", {
    REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
  });
  expect(ended).toMatchObject(
    failed(/^the seat store is unavailable: .*ECONNREFUSED/, ["SEAT_BROKER_REDIS_URL"]),
  );
});

test("the seat-broker: Redis refuses the password", TIMEOUT, async () => {
  const ended = await failure("seat-broker", { REDIS_PASSWORD_FILE: await fileWith("guessed") });
  expect(ended).toMatchObject(failed(/WRONGPASS/, ["SEAT_BROKER_REDIS_PASSWORD_FILE"]));
  expect(ended.text).not.toContain("guessed");
});

test("the seat-broker: Redis may evict leases", TIMEOUT, async () => {
  await using redis = await startRedis();
  const client = new Redis(redis.url);
  await client.config("SET", "maxmemory-policy", "allkeys-lru");
  client.disconnect();
  const { username, password, host } = new URL(redis.url);
  const settings = {
    REDIS_URL: `redis://${username === "" ? "" : `${username}@`}${host}`,
    REDIS_PASSWORD_FILE: await fileWith(password),
  };
  const why = /^Redis must be set to maxmemory-policy noeviction, not allkeys-lru/;
  expect(await failure("seat-broker", settings)).toMatchObject(
    failed(why, ["SEAT_BROKER_REDIS_URL"]),
  );
});

test("the issuer: a secret is not the one that its database was begun with", TIMEOUT, async () => {
  await place.serveUntil("issuer", await place.environment("issuer"), '"msg":"serving"');
  for (const [settings, why, setting] of [
    [
      { KEY_ENCRYPTION_KEY_FILE: await anotherKey() },
      /^the key-encryption key is not the one/,
      "ISSUER_KEY_ENCRYPTION_KEY_FILE",
    ],
    [
      { TRUST_ROOT_KEY_FILE: await anotherKey() },
      /^the root key is not the one/,
      "ISSUER_TRUST_ROOT_KEY_FILE",
    ],
    [{ DEPLOYMENT: "other.example" }, /^this is the database of another/, "ISSUER_DEPLOYMENT"],
  ] as const)
    expect(await failure("issuer", settings)).toMatchObject(failed(why, [setting]));
});

test(
  "activation and seat-broker: another trust root is told of, and no machine is let in",
  TIMEOUT,
  async () => {
    const issuer = `127.0.0.1:${await freePort()}`;
    const activation = `127.0.0.1:${await freePort()}`;
    await using stack = new AsyncDisposableStack();
    const serve = async (kind: ServiceKind, settings: Readonly<Record<string, string>>) => {
      const environment = await place.environment(kind, settings);
      return stack.use(await place.start(kind, environment));
    };
    await serve("issuer", { LISTEN: issuer });
    const settings = { LISTEN: activation, ISSUER_ADDRESS: issuer };
    const first = await serve("activation", settings);
    const broker = await serve("seat-broker", { ACTIVATION_ADDRESS: activation });
    const logged = (running: typeof first, what: string) =>
      until(`"${what}"`, 60_000, () => running.lines().find((line) => line.includes(what)));
    await logged(broker, "trust bundle accepted");
    const TRUST_ROOT = randomBytes(32).toString("hex");
    const strange = await serve("seat-broker", { ACTIVATION_ADDRESS: activation, TRUST_ROOT });
    expect(await logged(strange, "trust bundle refused")).toContain("SEAT_BROKER_TRUST_ROOT");
    await first[Symbol.asyncDispose]();
    const another = await serve("activation", { ...settings, TRUST_ROOT });
    expect(await logged(another, "kept trust bundle refused")).toContain("ACTIVATION_TRUST_ROOT");
  },
);
