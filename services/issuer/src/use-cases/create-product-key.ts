import { newUuid } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import type { LicenseRef } from "../domain/license.ts";
import { licenseNotFound, licenseStateConflict } from "../domain/license-problems.ts";
import { keyMac } from "../domain/product-key.ts";
import type { Pepper, StoredProductKey } from "../domain/product-key.ts";
import { productKeyName, licenseName } from "../domain/resource-names.ts";
import type { IssuerPorts, Mutation } from "./ports.ts";

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
  { store, clock, random, report, pepper }: IssuerPorts & { readonly pepper: Pepper },
  mutation: Mutation,
  ref: LicenseRef,
): Promise<CreatedProductKey> {
  const key = newProductKey(random);
  const { kind, result } = await store.once(mutation, async (writes) => {
    const license = await writes.lockLicense(ref);
    if (!license) throw licenseNotFound();
    if (license.state === "REVOKED") throw licenseStateConflict(license.state);
    const id = newUuid(clock, random);
    const hint = key.text.slice(0, 5);
    const stored: StoredProductKey = { id, license: ref, hint, createTime: clock.now() };
    await writes.insertProductKey(stored, keyMac(pepper, key.data));
    return stored;
  });
  if (kind === "repeated") return { productKey: result, secret: undefined };
  report({
    kind: "product-key-created",
    subject: mutation.subject,
    license: licenseName(ref),
    keyName: productKeyName(result),
  });
  return { productKey: result, secret: key.text };
}
