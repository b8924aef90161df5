import {
  listPreparationFaults,
  preparationFaults,
  schemaText,
  tablesWithoutComment,
} from "@leasehold/store-kit";
import { expect, test } from "vitest";
import { ADMINISTRATORS_LIST } from "../src/domain/administrator-list.ts";
import { EDITIONS_LIST, PRODUCTS_LIST } from "../src/domain/catalogue-lists.ts";
import { LICENSES_LIST, REVISIONS_LIST } from "../src/domain/license-list.ts";
import { PRODUCT_KEYS_LIST } from "../src/domain/product-keys-list.ts";
import { listAdministrators } from "../src/store/administrator-statements.ts";
import { listProducts } from "../src/store/catalogue-statements.ts";
import { listEditions } from "../src/store/edition-statements.ts";
import { listLicenses, listRevisions } from "../src/store/license-statements.ts";
import { listProductKeys } from "../src/store/product-key-statements.ts";
import { migratedPostgres } from "./migrated-postgres.ts";

const VIEWS = `
  select format(E'create view %I as\\n%s', viewname, definition) as ddl
  from pg_views where schemaname = current_schema() order by viewname`;

test("schema.sql is what the migrations make", async () => {
  await using database = await migratedPostgres();
  const schema = await schemaText(database.postgres);
  const views = await database.postgres.query<{ readonly ddl: string }>({ text: VIEWS });
  const text = [schema, ...views.map(({ ddl }) => `${ddl}\n`)].join("\n");
  await expect(text).toMatchFileSnapshot("../schema.sql");
});

test("every table has a comment that tells what it is", async () => {
  await using database = await migratedPostgres();
  expect(await tablesWithoutComment(database.postgres)).toEqual([]);
});

test("the server prepares every statement", async () => {
  await using database = await migratedPostgres();
  const faults = await preparationFaults(database.postgres, new URL("../sql/", import.meta.url));
  expect(faults).toEqual([]);
});

test("the server prepares every comparison and order of every list", async () => {
  await using database = await migratedPostgres();
  const { postgres } = database;
  expect(await listPreparationFaults(postgres, PRODUCTS_LIST, listProducts)).toEqual([]);
  expect(await listPreparationFaults(postgres, EDITIONS_LIST, listEditions)).toEqual([]);
  expect(await listPreparationFaults(postgres, PRODUCT_KEYS_LIST, listProductKeys)).toEqual([]);
  expect(await listPreparationFaults(postgres, LICENSES_LIST, listLicenses)).toEqual([]);
  expect(await listPreparationFaults(postgres, REVISIONS_LIST, listRevisions)).toEqual([]);
  expect(await listPreparationFaults(postgres, ADMINISTRATORS_LIST, listAdministrators)).toEqual(
    [],
  );
});
