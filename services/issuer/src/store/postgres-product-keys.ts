import { first, run } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { ProductKeyReads, ProductKeyWrites } from "../use-cases/product-key-ports.ts";
import { licenseFromRow } from "./license-rows.ts";
import * as statements from "./product-key-statements.ts";

export function productKeyReads(executor: Executor): ProductKeyReads {
  return {
    findLicenseByKey: async (macs) => {
      const versions = macs.map(({ pepperVersion }) => pepperVersion);
      const bytes = macs.map(({ mac }) => mac);
      const row = await first(executor, statements.findLicenseByKey, [versions, bytes]);
      return row && licenseFromRow(row);
    },
  };
}

export function productKeyWrites(tx: Executor): ProductKeyWrites {
  return {
    insertProductKey: async ({ id, license, hint, createTime }, { pepperVersion, mac }) => {
      const at = new Date(createTime);
      await run(tx, statements.insertProductKey, [id, license.id, pepperVersion, mac, hint, at]);
    },
  };
}
