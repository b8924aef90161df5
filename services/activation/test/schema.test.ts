import {
  listPreparationFaults,
  preparationFaults,
  schemaText,
  tablesWithoutComment,
} from "@leasehold/store-kit";
import { expect, test } from "vitest";
import { NAMED_USERS_LIST } from "../src/domain/named-user-list.ts";
import { listNamedUsers } from "../src/store/named-user-statements.ts";
import { INSTALLATIONS_LIST } from "../src/domain/installations-list.ts";
import {
  listCustomerInstallations,
  listInstallations,
} from "../src/store/installation-statements.ts";
import { RESOURCES_LIST } from "../src/domain/resource-list.ts";
import { listResources } from "../src/store/resource-statements.ts";
import { activationDatabase } from "./activation-database.ts";

test("schema.sql is what the migrations make", async () => {
  await using database = await activationDatabase();
  await expect(await schemaText(database.postgres)).toMatchFileSnapshot("../schema.sql");
});

test("every table has a comment that tells what it is", async () => {
  await using database = await activationDatabase();
  expect(await tablesWithoutComment(database.postgres)).toEqual([]);
});

test("the server prepares every statement", async () => {
  await using database = await activationDatabase();
  const sql = new URL("../sql/", import.meta.url);
  expect(await preparationFaults(database.postgres, sql)).toEqual([]);
});

test("the server prepares every filter and order of lists", async () => {
  await using database = await activationDatabase();
  const { postgres } = database;
  expect(await listPreparationFaults(postgres, NAMED_USERS_LIST, listNamedUsers)).toEqual([]);
  expect(await listPreparationFaults(postgres, RESOURCES_LIST, listResources)).toEqual([]);
  for (const list of [listInstallations, listCustomerInstallations])
    expect(await listPreparationFaults(postgres, INSTALLATIONS_LIST, list)).toEqual([]);
});
