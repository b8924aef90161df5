import { testPostgres } from "@leasehold/testkit";
import { expect, test } from "vitest";
import type { Postgres } from "../src/index.ts";
import { openPostgres, schemaText, tablesWithoutComment } from "../src/index.ts";

const DDL = `create table pool (
  id uuid primary key,
  seats integer not null default 1,
  label text,
  position bigint generated always as identity,
  constraint pool_seats_check check (seats > 0)
);
create table lease (
  pool uuid not null references pool,
  n integer not null,
  unique (pool, n)
);
create index pool_label on pool (lower(label));
create function touch() returns trigger language plpgsql as 'begin return new; end';
create trigger pool_touch before update on pool for each row execute function touch();`;

const textOf = (ddl: string) => readFrom(ddl, schemaText);

async function readFrom<Result>(
  ddl: string,
  read: (postgres: Postgres) => Promise<Result>,
): Promise<Result> {
  await using database = await testPostgres();
  await using postgres = openPostgres({
    url: database.url,
    poolSize: 1,
    statementTimeoutMs: 5_000,
    applicationName: "schema-test",
  });
  await postgres.query({ text: ddl });
  return await read(postgres);
}

test("the text names every column, constraint, index, function and trigger", async () => {
  const text = await textOf(DDL);
  expect(text).toContain(`create table pool (
  id uuid not null,
  seats integer not null default 1,
  label text,
  "position" bigint not null generated always as identity,
  constraint pool_pkey PRIMARY KEY (id),
  constraint pool_seats_check CHECK ((seats > 0))
);`);
  expect(text).toContain("constraint lease_pool_fkey FOREIGN KEY (pool) REFERENCES pool(id)");
  expect(text).toContain("constraint lease_pool_n_key UNIQUE (pool, n)");
  expect(text).toContain("CREATE INDEX pool_label ON public.pool USING btree (lower(label));");
  expect(text).toContain("CREATE OR REPLACE FUNCTION public.touch()");
  expect(text).toContain("CREATE TRIGGER pool_touch BEFORE UPDATE ON public.pool");
});

test("the same schema made twice has the same text, and another one has another", async () => {
  const text = await textOf(DDL);
  expect(await textOf(DDL)).toBe(text);
  expect(await textOf(DDL.replace("seats > 0", "seats > 1"))).not.toBe(text);
});

test("a table stands under its comment, in lines of 100 letters at most", async () => {
  const comment = `Who may have seats, and ${"how many of them ".repeat(10)}at a time.`;
  const text = await textOf(`${DDL} comment on table pool is '${comment}'`);
  const [above] = text.split("create table pool (");
  const lines = above!.split("\n").filter((line) => line.startsWith("-- "));
  expect(lines.map((line) => line.slice(3)).join(" ")).toBe(comment);
  expect(lines.length).toBe(3);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  expect(above!.endsWith(`${lines.at(-1)}\n`)).toBe(true);
});

test("tables without a comment are named", async () => {
  const left = (ddl: string) => readFrom(ddl, tablesWithoutComment);
  expect(await left(`${DDL} comment on table lease is 'One row a lease.'`)).toEqual(["pool"]);
  expect(await left(`${DDL} comment on table lease is ''`)).toEqual(["lease", "pool"]);
});
