import {
  migrate,
  openPostgres,
  preparationFaults,
  schemaText,
  tablesWithoutComment,
} from "@leasehold/store-kit";
import { testPostgres } from "@leasehold/testkit";
import { expect, test } from "vitest";

async function migrated() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testPostgres());
  const postgres = stack.use(
    openPostgres({
      url: database.url,
      poolSize: 2,
      statementTimeoutMs: 5_000,
      applicationName: "seat-broker-test",
    }),
  );
  await migrate(postgres, new URL("../migrations/", import.meta.url));
  const open = stack.move();
  return { postgres, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

test("schema.sql is what the migrations make", async () => {
  await using database = await migrated();
  await expect(await schemaText(database.postgres)).toMatchFileSnapshot("../schema.sql");
});

test("every table has a comment that tells what it is", async () => {
  await using database = await migrated();
  expect(await tablesWithoutComment(database.postgres)).toEqual([]);
});

test("the server accepts every statement", async () => {
  await using database = await migrated();
  expect(await preparationFaults(database.postgres, new URL("../sql/", import.meta.url))).toEqual(
    [],
  );
});
