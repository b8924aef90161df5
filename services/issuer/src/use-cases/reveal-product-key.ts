import { openProductKey } from "../domain/kept-product-key.ts";
import type { ProductKeyRef } from "../domain/product-key.ts";
import { productKeyNotFound, productKeyNotKept } from "../domain/product-key-problems.ts";
import { productKeyName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";
import type { KeyMaking } from "./product-key-ports.ts";

/**
 * Tells a product key once more. Opened only when it is on record that it will be: a repetition,
 * which is on record already, gets nothing.
 * @returns the key as it is printed; `undefined` when the call repeats another
 * @throws Problem `NOT_FOUND`, `KEY_NOT_KEPT`
 */
export async function revealProductKey(
  ports: Pick<IssuerPorts, "store" | "report"> & Pick<KeyMaking, "keepingKeys">,
  mutation: Mutation,
  ref: ProductKeyRef,
): Promise<string | undefined> {
  const { keepingKeys } = ports;
  let sealed: Uint8Array | undefined;
  await carryOut(ports, mutation, async (writes) => {
    const key = await writes.lockProductKey(ref);
    if (!key) throw productKeyNotFound();
    sealed = await writes.findSealedProductKey(key.id);
    if (keepingKeys.length === 0 || !sealed) throw productKeyNotKept();
    return { result: {}, resource: productKeyName(key) };
  });
  if (!sealed) return undefined;
  const kept = sealed;
  const secret = keepingKeys.map((key) => openProductKey(key, ref.id, kept)).find(Boolean);
  if (secret === undefined) throw new Error("a kept product key does not open");
  return secret;
}
