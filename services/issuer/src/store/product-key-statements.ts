import type { Uuid } from "@leasehold/kernel";
import { statement } from "@leasehold/store-kit";
import type { LicenseRow } from "./license-rows.ts";
import { sql } from "./sql.ts";

export const insertProductKey = statement<
  never,
  readonly [
    id: Uuid,
    license: Uuid,
    pepperVersion: string,
    mac: Uint8Array,
    hint: string,
    createTime: Date,
  ]
>(sql("insert_product_key"));

export const findLicenseByKey = statement<
  LicenseRow,
  readonly [pepperVersions: readonly string[], macs: readonly Uint8Array[]]
>(sql("find_license_by_key"));
