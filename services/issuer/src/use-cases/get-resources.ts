import type { Uuid } from "@leasehold/kernel";
import { type Caller, mayRead } from "../domain/caller.ts";
import { customerNotFound, productNotFound } from "../domain/catalogue-problems.ts";
import type { Customer } from "../domain/customer.ts";
import type { License, LicenseRef } from "../domain/license.ts";
import { licenseNotFound } from "../domain/license-problems.ts";
import type { Product } from "../domain/product.ts";
import type { IssuerPorts } from "./ports.ts";

type Store = Pick<IssuerPorts, "store">;

/** A customer. @throws Problem `NOT_FOUND`, also to accounts that do not act for it */
export async function getCustomer({ store }: Store, caller: Caller, id: Uuid): Promise<Customer> {
  mayRead(caller, id, customerNotFound);
  const customer = await store.findCustomer(id);
  if (!customer) throw customerNotFound();
  return customer;
}

/** A product. @throws Problem `NOT_FOUND` */
export async function getProduct({ store }: Store, id: string): Promise<Product> {
  const product = await store.findProduct(id);
  if (!product) throw productNotFound();
  return product;
}

/** A license. @throws Problem `NOT_FOUND`, also to accounts that do not act for its customer */
export async function getLicense(
  { store }: Store,
  caller: Caller,
  ref: LicenseRef,
): Promise<License> {
  mayRead(caller, ref.customerId, licenseNotFound);
  const license = await store.findLicense(ref);
  if (!license) throw licenseNotFound();
  return license;
}
