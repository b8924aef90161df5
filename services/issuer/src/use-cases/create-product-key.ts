import { newUuid } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import type { LicenseRef } from "../domain/license.ts";
import { licenseNotFound, licenseStateConflict } from "../domain/license-problems.ts";
import { keyMac } from "../domain/product-key.ts";
import type { Pepper, StoredProductKey } from "../domain/product-key.ts";
import { productKeyName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** A product key as it is shown, once. */
export interface CreatedProductKey {
  readonly productKey: StoredProductKey;
  /** The key itself; absent when the call repeats another. */
  readonly secret: string | undefined;
}

/**
 * Makes a product key of a license that is not revoked. What is kept of the key is its
 * MAC: nobody, the issuer included, can tell it a second time.
 * @throws Problem `NOT_FOUND`, `LICENSE_STATE_CONFLICT`
 */
export async function createProductKey(
  ports: IssuerPorts & { readonly pepper: Pepper },
  mutation: Mutation,
  ref: LicenseRef,
): Promise<CreatedProductKey> {
  const { clock, random, pepper } = ports;
  let secret: string | undefined;
  const productKey = await carryOut(ports, mutation, async (writes) => {
    const license = await writes.lockLicense(ref);
    if (!license) throw licenseNotFound();
    if (license.state === "REVOKED") throw licenseStateConflict(license.state);
    const key = newProductKey(random);
    secret = key.text;
    const id = newUuid(clock, random);
    const hint = key.text.slice(0, 5);
    const stored: StoredProductKey = { id, license: ref, hint, createTime: clock.now() };
    await writes.insertProductKey(stored, keyMac(pepper, key.data));
    return { result: stored, resource: productKeyName(stored) };
  });
  return { productKey, secret };
}
