import { first } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { CatalogueReads, CatalogueWrites } from "../use-cases/catalogue-ports.ts";
import * as statements from "./catalogue-statements.ts";
import { productFromRow } from "./product-rows.ts";

export function catalogueReads(executor: Executor): CatalogueReads {
  return {
    findProduct: async (id) => {
      const row = await first(executor, statements.findProduct, [id]);
      return row && productFromRow(row);
    },
  };
}

export function catalogueWrites(tx: Executor): CatalogueWrites {
  return {
    ...catalogueReads(tx),
    insertProduct: async ({ id, displayName, salesContact, createTime, features }) => {
      const codes = features.map(({ code }) => code);
      const names = features.map((feature) => feature.displayName);
      const at = new Date(createTime);
      const values = [id, displayName, salesContact, at, codes, names] as const;
      return (await first(tx, statements.insertProduct, values)) !== undefined;
    },
  };
}
