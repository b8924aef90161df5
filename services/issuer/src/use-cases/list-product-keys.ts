import type { ListQuery, Page } from "@leasehold/list-query";
import type { LicenseRef } from "../domain/license.ts";
import type { StoredProductKey } from "../domain/product-key.ts";
import type { ProductKeyField } from "../domain/product-keys-list.ts";
import { getLicense } from "./get-resources.ts";
import type { IssuerPorts } from "./ports.ts";

/** The keys to list. */
export interface ListProductKeys {
  readonly license: LicenseRef;
  readonly query: ListQuery<ProductKeyField>;
}

/** What is known of the product keys of a license, a page at a time. @throws Problem `NOT_FOUND` */
export async function listProductKeys(
  ports: Pick<IssuerPorts, "store">,
  { license, query }: ListProductKeys,
): Promise<Page<StoredProductKey>> {
  await getLicense(ports, { kind: "vendor" }, license);
  return ports.store.listProductKeys(license, query);
}
