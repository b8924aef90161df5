import type { ProductKeyRef, StoredProductKey } from "../domain/product-key.ts";
import { productKeyNotFound, productKeyStateConflict } from "../domain/product-key-problems.ts";
import { productKeyName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { CreatedProductKey } from "./create-product-key.ts";
import { lockLicenseForKeys, makeProductKey } from "./make-product-key.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts, IssuerWrites } from "./ports.ts";
import type { KeyMaking } from "./product-key-ports.ts";

/**
 * Ends that a product key unlocks its license.
 * @throws Problem `NOT_FOUND`, `STATE_CONFLICT` if it is revoked
 */
export function revokeProductKey(
  ports: Pick<IssuerPorts, "store" | "report">,
  mutation: Mutation,
  ref: ProductKeyRef,
): Promise<StoredProductKey> {
  return carryOut(ports, mutation, async (writes) => {
    const key = await lockActive(writes, ref);
    await writes.revokeProductKey(key.id);
    const revoked: StoredProductKey = { ...key, state: "REVOKED" };
    return { result: revoked, resource: productKeyName(revoked) };
  });
}

/**
 * Revokes a product key and makes another one in its place. The audit log names the old one, which
 * tells which is the new one.
 * @returns the new key
 * @throws Problem `NOT_FOUND`, `STATE_CONFLICT` if the key is revoked, `LICENSE_STATE_CONFLICT` if
 *   the license is
 */
export async function reissueProductKey(
  ports: IssuerPorts & KeyMaking,
  mutation: Mutation,
  ref: ProductKeyRef,
): Promise<CreatedProductKey> {
  let secret: string | undefined;
  const productKey = await carryOut(ports, mutation, async (writes) => {
    await lockLicenseForKeys(writes, ref.license);
    const old = await lockActive(writes, ref);
    const made = makeProductKey(ports, ref.license, ports.clock.now());
    if (!mutation.validateOnly) secret = made.secret;
    await writes.insertProductKeys([made]);
    await writes.revokeProductKey(old.id, made.productKey.id);
    return { result: made.productKey, resource: productKeyName(old) };
  });
  return { productKey, secret };
}

async function lockActive(writes: IssuerWrites, ref: ProductKeyRef): Promise<StoredProductKey> {
  const key = await writes.lockProductKey(ref);
  if (!key) throw productKeyNotFound();
  if (key.state !== "ACTIVE") throw productKeyStateConflict(key.state);
  return key;
}
