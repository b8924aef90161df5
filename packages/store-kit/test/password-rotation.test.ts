import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createDatabase,
  databaseUrl,
  passwordsApart,
  startRedis,
  testPostgres,
} from "@leasehold/testkit";
import { Redis } from "ioredis";
import { Client } from "pg";
import { expect, test } from "vitest";
import {
  evaluate,
  listen,
  migrate,
  openPostgres,
  openRedis,
  pingPostgres,
  type Postgres,
  scriptOf,
} from "../src/index.ts";

const PID = { text: "select pg_backend_pid() as pid" };

/** A database with an owner, whose password can be changed. */
async function ownedDatabase(stack: AsyncDisposableStack) {
  const admin = stack.use(await testPostgres());
  const name = `rotation_${Math.random().toString(36).slice(2)}`;
  const owner = { role: name, password: "first" };
  stack.use(await createDatabase(admin.url, name, owner));
  const client = new Client({ connectionString: admin.url });
  await client.connect();
  stack.defer(() => client.end());
  return {
    url: databaseUrl(admin.url, name, { role: name }),
    changePassword: async (password: string) => {
      await client.query(`alter role ${name} password ${client.escapeLiteral(password)}`);
    },
    /** Ends every session of the database, as a restart of the server does. */
    endSessions: async () => {
      await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1",
        [name],
      );
    },
  };
}

const open = (url: string, passwords: readonly string[]): Postgres =>
  openPostgres({
    url,
    passwords,
    poolSize: 4,
    statementTimeoutMs: 5_000,
    applicationName: "rotation",
    onConnectionLost: () => undefined,
  });

test("the password of the database is changed under a running service, which loses no call", async () => {
  await using stack = new AsyncDisposableStack();
  const database = await ownedDatabase(stack);
  const postgres = stack.use(open(database.url, ["second", "first"]));
  const ask = () => Promise.all(Array.from({ length: 4 }, () => postgres.query(PID)));
  expect(await ask()).toHaveLength(4); // under the former one, as the database has no other yet
  await database.changePassword("second");
  expect(await ask()).toHaveLength(4); // sessions that are open stay so
  await database.endSessions();
  await expect
    .poll(() =>
      pingPostgres(postgres).then(
        () => "up",
        () => "down",
      ),
    )
    .toBe("up");
  expect(await ask()).toHaveLength(4);
});

test("migrating and listening find the password that is not refused too", async () => {
  await using stack = new AsyncDisposableStack();
  const database = await ownedDatabase(stack);
  const folder = await mkdtemp(join(tmpdir(), "leasehold-migrations-"));
  stack.defer(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "0001_thing.sql"), "create table thing (id int)");
  const migrations = pathToFileURL(`${folder}/`);
  const migrating = stack.use(open(database.url, ["second", "first"]));
  expect(await migrate(migrating, migrations)).toEqual(["0001_thing"]);
  await database.changePassword("second");
  let wakes = 0;
  const postgres = stack.use(open(database.url, ["first", "second"]));
  stack.use(listen(postgres, "news", () => (wakes += 1)));
  await expect.poll(() => wakes).toBeGreaterThan(0);
});

test("passwords that are all refused are told as an outage, and asked for once each", async () => {
  await using stack = new AsyncDisposableStack();
  const database = await ownedDatabase(stack);
  const postgres = stack.use(open(database.url, ["wrong", "wrong too"]));
  await expect(postgres.query(PID)).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
  await database.changePassword("wrong too");
  expect(await postgres.query(PID)).toHaveLength(1);
});

test("the password of Redis is changed while services with either run", async () => {
  await using server = await startRedis();
  const { url, password = "" } = passwordsApart(server.url);
  const admin = new Redis(server.url);
  const count = scriptOf("count", "return redis.call('INCR', KEYS[1])");
  const openWith = (given: string) => openRedis({ url, password: given, commandTimeoutMs: 1_000 });
  try {
    await using before = await openWith(password);
    await admin.call("ACL", "SETUSER", "default", ">second"); // besides the former one
    await using after = await openWith("second");
    expect(await evaluate(before, count, ["x"], [])).toBe(1);
    expect(await evaluate(after, count, ["x"], [])).toBe(2);
    await admin.call("ACL", "SETUSER", "default", `<${password}`);
    expect(await evaluate(after, count, ["x"], [])).toBe(3);
    await expect(openWith(password)).rejects.toThrow("WRONGPASS");
  } finally {
    admin.disconnect();
  }
});
