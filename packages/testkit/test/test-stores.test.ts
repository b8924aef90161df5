import { Redis } from "ioredis";
import { Client } from "pg";
import { expect, test } from "vitest";
import { testPostgres, testRedis } from "../src/index.ts";

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

test("every test database is empty, durable and a database of its own", async () => {
  await using first = await testPostgres();
  await using second = await testPostgres();
  await query(first.url, "CREATE TABLE licenses (seats integer)");
  expect(await query(second.url, "SELECT to_regclass('licenses') AS found")).toEqual([
    { found: null },
  ]);
  expect(await query(first.url, "SHOW fsync")).toEqual([{ fsync: "on" }]);
});

test("a test database is dropped on disposal, with connections still open", async () => {
  const store = await testPostgres();
  const client = new Client({ connectionString: store.url });
  client.on("error", () => {});
  await client.connect();
  await store[Symbol.asyncDispose]();
  await expect(query(store.url, "SELECT 1")).rejects.toThrow("does not exist");
  await client.end();
});

test("two test Redis stores do not see each other's keys, and a released one is empty when it is given again", async () => {
  const first = await testRedis();
  await using second = await testRedis();
  const [a, b] = [new Redis(first.url), new Redis(second.url)];
  await a.set("seat", "taken");
  expect(await b.get("seat")).toBeNull();
  await first[Symbol.asyncDispose]();
  expect(await a.dbsize()).toBe(0);
  a.disconnect();
  b.disconnect();
});
