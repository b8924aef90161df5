import type { LicenseRef } from "../domain/license.ts";
import type { StoredProductKey } from "../domain/product-key.ts";
import { productKeyName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { lockLicenseForKeys, makeProductKey } from "./make-product-key.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";
import type { KeyMaking } from "./product-key-ports.ts";

/** A product key as it is shown, once. */
export interface CreatedProductKey {
  readonly productKey: StoredProductKey;
  /** The key itself; absent when the call repeats another, or only validates. */
  readonly secret: string | undefined;
}

/**
 * Makes a product key of a license that is not revoked. Unless the deployment keeps keys,
 * nobody, the issuer included, can tell it a second time.
 * @throws Problem `NOT_FOUND`, `LICENSE_STATE_CONFLICT`
 */
export async function createProductKey(
  ports: IssuerPorts & KeyMaking,
  mutation: Mutation,
  ref: LicenseRef,
): Promise<CreatedProductKey> {
  let secret: string | undefined;
  const productKey = await carryOut(ports, mutation, async (writes) => {
    await lockLicenseForKeys(writes, ref);
    const made = makeProductKey(ports, ref, ports.clock.now());
    secret = made.secret;
    await writes.insertProductKeys([made]);
    return { result: made.productKey, resource: productKeyName(made.productKey) };
  });
  return { productKey, secret };
}
