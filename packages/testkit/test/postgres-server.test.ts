import { Client } from "pg";
import { expect, test } from "vitest";
import { createDatabase, databaseUrl, startPostgres } from "../src/index.ts";

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

test("a crashed Postgres comes back on its port with what was committed", async () => {
  await using server = await startPostgres();
  await query(server.url, "CREATE TABLE licenses AS SELECT 3 AS seats");
  await server.kill();
  await expect(query(server.url, "SELECT seats FROM licenses")).rejects.toThrow("ECONNREFUSED");
  await server.restart();
  expect(await query(server.url, "SELECT seats FROM licenses")).toEqual([{ seats: 3 }]);
});

test("data go back to a backup that was made while it worked, here and at another address", async () => {
  await using server = await startPostgres();
  await query(server.url, "CREATE TABLE licenses AS SELECT 3 AS seats");
  await using backup = await server.backUp();
  await query(server.url, "UPDATE licenses SET seats = 4");
  await using other = await startPostgres({ from: backup });
  expect(await query(other.url, "SELECT seats FROM licenses")).toEqual([{ seats: 3 }]);
  expect(await query(server.url, "SELECT seats FROM licenses")).toEqual([{ seats: 4 }]);
  await server.restart({ from: backup });
  expect(await query(server.url, "SELECT seats FROM licenses")).toEqual([{ seats: 3 }]);
});

test("a database with an owner opens to that owner and to no other role", async () => {
  await using server = await startPostgres();
  const [ours, theirs] = [
    { role: "issuer", password: "one" },
    { role: "activation", password: "two" },
  ];
  await using _ours = await createDatabase(server.url, "issuer", ours);
  await using _theirs = await createDatabase(server.url, "activation", theirs);
  expect(await query(databaseUrl(server.url, "issuer", ours), "CREATE SCHEMA own")).toEqual([]);
  await expect(query(databaseUrl(server.url, "issuer", theirs), "SELECT 1")).rejects.toThrow(
    "permission denied",
  );
});

test("a dropped database takes its owner with it", async () => {
  await using server = await startPostgres();
  const database = await createDatabase(server.url, "issuer", { role: "issuer", password: "one" });
  await database[Symbol.asyncDispose]();
  expect(await query(server.url, "SELECT rolname FROM pg_roles WHERE rolname = 'issuer'")).toEqual(
    [],
  );
});
