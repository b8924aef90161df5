import { testPostgres } from "@leasehold/testkit";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Postgres } from "../src/index.ts";
import {
  constraintOf,
  type Executor,
  openPostgres,
  pingPostgres,
  transaction,
} from "../src/index.ts";

let database: Awaited<ReturnType<typeof testPostgres>>;
let postgres: Postgres;
const open = (options: { url?: string; statementTimeoutMs?: number } = {}) =>
  openPostgres({
    url: database.url,
    poolSize: 4,
    statementTimeoutMs: 5_000,
    applicationName: "store-kit-test",
    ...options,
  });
const rows = (executor: Executor, text: string, values: unknown[] = []) =>
  executor.query<Record<string, unknown>>({ text, values });

beforeAll(async () => {
  database = await testPostgres();
  postgres = open();
  await rows(postgres, "create table thing (id int primary key, size int check (size > 0))");
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test("64-bit integers, times and bytes come as exact values", async () => {
  const [row] = await rows(
    postgres,
    "select 9007199254740993::int8 as big, '2026-01-02T03:04:05Z'::timestamptz as time, $1::bytea as bytes, array[1, 2]::int8[] as many",
    [new Uint8Array([0, 255])],
  );
  expect(row).toEqual({
    big: 9007199254740993n,
    time: new Date("2026-01-02T03:04:05Z"),
    bytes: Buffer.from([0, 255]),
    many: [1n, 2n],
  });
});

test("a transaction that throws leaves nothing behind, and its session is used again", async () => {
  const trouble = new Error("trouble");
  for (let i = 0; i < 10; i++)
    await expect(
      transaction(postgres, async (tx) => {
        await rows(tx, "insert into thing values (1, 1)");
        throw trouble;
      }),
    ).rejects.toBe(trouble);
  expect(await rows(postgres, "select * from thing")).toEqual([]);
});

test("a transaction that returns is kept", async () => {
  const made = await transaction(postgres, (tx) =>
    rows(tx, "insert into thing values (2, 7) returning size"),
  );
  expect(made).toEqual([{ size: 7 }]);
  expect(await rows(postgres, "select size from thing where id = 2")).toEqual(made);
});

test("a transaction that swallows a failed statement does not pass for committed", async () => {
  await expect(
    transaction(postgres, async (tx) => {
      await rows(tx, "insert into thing values (3, 1)");
      await rows(tx, "select 1 / 0").catch(() => undefined);
    }),
  ).rejects.toThrow("unheeded");
  expect(await rows(postgres, "select * from thing where id = 3")).toEqual([]);
});

test("a broken constraint tells its kind and name, and costs no session", async () => {
  const pid = "select pg_backend_pid() as pid";
  await using single = openPostgres({
    url: database.url,
    poolSize: 1,
    statementTimeoutMs: 5_000,
    applicationName: "single",
  });
  const before = await rows(single, pid);
  await rows(single, "insert into thing values (4, 1)");
  const doubled = await rows(single, "insert into thing values (4, 1)").catch((e: unknown) => e);
  const empty = await rows(single, "insert into thing values (5, 0)").catch((e: unknown) => e);
  expect(constraintOf(doubled)).toEqual({ kind: "unique", constraint: "thing_pkey" });
  expect(constraintOf(empty)).toEqual({ kind: "check", constraint: "thing_size_check" });
  expect(constraintOf(new Error("other"))).toBeUndefined();
  expect(await rows(single, pid)).toEqual(before);
});

test("a statement that takes too long is ended by the server", async () => {
  await using impatient = open({ statementTimeoutMs: 100 });
  await expect(rows(impatient, "select pg_sleep(60)")).rejects.toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
    cause: { code: "57014" },
  });
});

test("a transaction that idles is ended by the server", async () => {
  await using impatient = open({ statementTimeoutMs: 100 });
  const held = transaction(impatient, async (tx) => {
    const [row] = await rows(tx, "select pg_backend_pid() as pid");
    await expect
      .poll(() => rows(postgres, "select from pg_stat_activity where pid = $1", [row?.["pid"]]))
      .toEqual([]);
    await rows(tx, "select 1");
  });
  await expect(held).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
  await pingPostgres(impatient);
});

test("a session that is killed fails its work as unavailable, and the next one works", async () => {
  const killed = transaction(postgres, async (tx) => {
    await rows(tx, "select pg_terminate_backend(pg_backend_pid())");
  });
  await expect(killed).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
  await pingPostgres(postgres);
});

test("a database that is not there is unavailable", async () => {
  await using nowhere = open({ url: "postgres://nobody@127.0.0.1:1/none" });
  await expect(pingPostgres(nowhere)).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
});

test("a mistake in a statement is a bug, not an outage", async () => {
  await expect(rows(postgres, "select nonsense")).rejects.toMatchObject({ code: "42703" });
});

test("a password given apart from the URL is the one that is sent", async () => {
  await using nowhere = openPostgres({
    url: "postgres://somebody@127.0.0.1:1/none",
    passwords: ["p@ss/word?"],
    poolSize: 1,
    statementTimeoutMs: 1_000,
    applicationName: "test",
  });
  expect(new Client(nowhere.config)).toMatchObject({ user: "somebody", password: "p@ss/word?" });
});
