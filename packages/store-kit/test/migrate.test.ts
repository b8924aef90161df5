import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { testPostgres } from "@leasehold/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Postgres } from "../src/index.ts";
import { migrate, openPostgres } from "../src/index.ts";

const FIRST = "create table counter (n int not null);\ninsert into counter values (1);";
const SECOND = "update counter set n = n + 1;";

let stack: AsyncDisposableStack;
let postgres: Postgres;
let folder: string;
let directory: URL;
const put = (file: string, text: string) => writeFile(join(folder, file), text);
const counted = () => postgres.query<{ n: number }>({ text: "select n from counter" });

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const { url } = stack.use(await testPostgres());
  postgres = stack.use(
    openPostgres({ url, poolSize: 2, statementTimeoutMs: 2_000, applicationName: "migrate-test" }),
  );
  folder = await mkdtemp(join(tmpdir(), "migrations-"));
  stack.defer(() => rm(folder, { recursive: true }));
  directory = pathToFileURL(`${folder}/`);
  await put("0001_counter.sql", FIRST);
  await put("0002_count.sql", SECOND);
});
afterEach(() => stack.disposeAsync());

test("twenty migrators race, and each migration is applied once", async () => {
  const applied = await Promise.all(Array.from({ length: 20 }, () => migrate(postgres, directory)));
  expect(applied.flat().toSorted()).toEqual(["0001_counter", "0002_count"]);
  expect(await counted()).toEqual([{ n: 2 }]);
});

test("only what is new is applied", async () => {
  await migrate(postgres, directory);
  await put("0003_count.sql", SECOND);
  expect(await migrate(postgres, directory)).toEqual(["0003_count"]);
  expect(await migrate(postgres, directory)).toEqual([]);
  expect(await counted()).toEqual([{ n: 3 }]);
});

test("a migration that fails is not half applied, and those before it stay", async () => {
  await put("0002_count.sql", `${SECOND} select 1 / 0;`);
  await expect(migrate(postgres, directory)).rejects.toThrow("division by zero");
  expect(await counted()).toEqual([{ n: 1 }]);
  await put("0002_count.sql", SECOND);
  expect(await migrate(postgres, directory)).toEqual(["0002_count"]);
});

test("a migration that was changed after it was applied is refused", async () => {
  await migrate(postgres, directory);
  await put("0001_counter.sql", `${FIRST} -- a harmless comment`);
  await put("0003_count.sql", SECOND);
  await expect(migrate(postgres, directory)).rejects.toThrow(
    "0001_counter is not what was applied",
  );
  expect(await counted()).toEqual([{ n: 2 }]);
});

test("a missing earlier migration is refused", async () => {
  await rm(join(folder, "0001_counter.sql"));
  await expect(migrate(postgres, directory)).rejects.toThrow("migration 1 is missing");
});

test("a file that is not called as migrations are is refused", async () => {
  await put("0003-count.sql", SECOND);
  await expect(migrate(postgres, directory)).rejects.toThrow("found 0003-count.sql");
});

test("a database that needs a newer program is refused, and says which", async () => {
  await put("0003_expand.sql", "alter table counter add column total int;");
  await put("0004_contract.sql", "-- Needs 0003: n is total.\nalter table counter drop column n;");
  await migrate(postgres, directory);
  await rm(join(folder, "0004_contract.sql"));
  expect(await migrate(postgres, directory)).toEqual([]);
  await rm(join(folder, "0003_expand.sql"));
  await expect(migrate(postgres, directory)).rejects.toThrow(
    "the schema is newer than this version: 0004_contract needs one that knows migration 3, this one knows 2",
  );
});

test("a database that was migrated before migrations told what they need goes on", async () => {
  await migrate(postgres, directory);
  await postgres.query({ text: "alter table schema_migration drop column needs" });
  expect(await migrate(postgres, directory)).toEqual([]);
});

test("a database that a newer program migrated is left as it is", async () => {
  await migrate(postgres, directory);
  await rm(join(folder, "0002_count.sql"));
  expect(await migrate(postgres, directory)).toEqual([]);
});
