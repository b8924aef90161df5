import {
  listPreparationFaults,
  preparationFaults,
  schemaText,
  tablesWithoutComment,
} from "@leasehold/store-kit";
import { expect, test } from "vitest";
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

test("the server prepares every comparison and order of every list", async () => {
  await using database = await activationDatabase();
  const faults = await listPreparationFaults(database.postgres, RESOURCES_LIST, listResources);
  expect(faults).toEqual([]);
});
