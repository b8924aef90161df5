import { first, listRows, run } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type {
  MadeProductKey,
  ProductKeyReads,
  ProductKeyUpkeep,
  ProductKeyWrites,
} from "../use-cases/product-key-ports.ts";
import { licenseFromRow } from "./license-rows.ts";
import { productKeyFromRow } from "./product-key-rows.ts";
import * as statements from "./product-key-statements.ts";

export function productKeyReads(executor: Executor): ProductKeyReads {
  return {
    findLicenseByKey: async (macs, firstSymbol) => {
      const versions = macs.map(({ pepperVersion }) => pepperVersion);
      const bytes = macs.map(({ mac }) => mac);
      const values = [versions, bytes, firstSymbol] as const;
      const row = await first(executor, statements.findLicenseByKey, values);
      if (!row) return undefined;
      const { key_id: keyId, key_state: keyState, pepper_version: pepperVersion } = row;
      return { license: licenseFromRow(row), keyId, keyState, pepperVersion };
    },
    listProductKeys: async (license, query) => {
      const { items, next } = await listRows(executor, statements.listProductKeys, query, [
        license.id,
      ]);
      return { items: items.map(productKeyFromRow), next };
    },
    listRetiredGenerations: async () => {
      const rows = await run(executor, statements.listRetiredGenerations, []);
      return rows.map(({ generation, advice }) => ({ id: generation, advice }));
    },
  };
}

export function productKeyUpkeep(executor: Executor): ProductKeyUpkeep {
  return {
    moveProductKey: async ({ keyId, pepperVersion }, to) => {
      const values = [keyId, pepperVersion, to.pepperVersion, to.mac] as const;
      await run(executor, statements.moveProductKey, values);
    },
  };
}

export function productKeyWrites(tx: Executor): ProductKeyWrites {
  return {
    ...productKeyReads(tx),
    insertProductKeys: (keys) => insertProductKeys(tx, keys),
    lockProductKey: async ({ id, license }) => {
      const values = [id, license.id, license.customerId] as const;
      const row = await first(tx, statements.lockProductKey, values);
      return row && productKeyFromRow(row);
    },
    moveProductKeys: async (from, to) => {
      await run(tx, statements.moveProductKeys, [from, to]);
    },
    revokeProductKey: async (id, replacedBy) => {
      await run(tx, statements.revokeProductKey, [id, replacedBy ?? null]);
    },
    findSealedProductKey: async (id) =>
      (await first(tx, statements.findSealedProductKey, [id]))?.sealed_key ?? undefined,
    retireGeneration: async ({ id, advice }, at) => {
      const retired = await first(tx, statements.retireGeneration, [id, advice, new Date(at)]);
      return retired !== undefined;
    },
  };
}

async function insertProductKeys(tx: Executor, keys: readonly MadeProductKey[]): Promise<void> {
  const [one] = keys;
  if (!one) return;
  await run(tx, statements.insertProductKeys, [
    one.productKey.license.id,
    one.mac.pepperVersion,
    new Date(one.productKey.createTime),
    keys.map(({ productKey }) => productKey.id),
    keys.map(({ mac }) => mac.mac),
    keys.map(({ productKey }) => productKey.hint),
    keys.map(({ sealed }) => sealed ?? null),
  ]);
}
