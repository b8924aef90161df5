import { issuer } from "@leasehold/contracts";
import type { GenerationFacts } from "../domain/key-generation.ts";
import type { StoredProductKey } from "../domain/product-key.ts";
import { keyGenerationName, productKeyName } from "../domain/resource-names.ts";
import type { CreatedProductKey } from "../use-cases/create-product-key.ts";
import type { GeneratedKeys } from "../use-cases/generate-product-keys.ts";

const STATE = {
  ACTIVE: issuer.ProductKeyState.ACTIVE,
  REVOKED: issuer.ProductKeyState.REVOKED,
} as const satisfies Record<StoredProductKey["state"], issuer.ProductKeyState>;

const STATUS = {
  CURRENT: issuer.KeyGenerationStatus.CURRENT,
  ACCEPTED: issuer.KeyGenerationStatus.ACCEPTED,
  RETIRED: issuer.KeyGenerationStatus.RETIRED,
} as const satisfies Record<GenerationFacts["status"], issuer.KeyGenerationStatus>;

/** What is known of a product key as the contract has it. */
export function presentProductKey(key: StoredProductKey): issuer.ProductKey {
  const { license, replacedBy } = key;
  return {
    name: productKeyName(key),
    hint: key.hint,
    createTime: new Date(key.createTime),
    state: STATE[key.state],
    generation: key.hint.charAt(0),
    replacedBy: replacedBy === undefined ? "" : productKeyName({ id: replacedBy, license }),
  };
}

/** A product key as the contract tells it, once. */
export function presentCreatedProductKey({
  productKey,
  secret,
}: CreatedProductKey): issuer.CreateProductKeyResponse {
  return { productKey: presentProductKey(productKey), secret: secret ?? "" };
}

/** Some of many product keys as the contract tells them, once. */
export function presentGeneratedKeys({
  keys,
  made,
}: GeneratedKeys): issuer.GenerateProductKeysResponse {
  return { keys: keys.map(presentCreatedProductKey), made };
}

/** A generation of product keys as the contract has it. */
export function presentKeyGeneration(generation: GenerationFacts): issuer.KeyGeneration {
  return {
    name: keyGenerationName(generation.id),
    shape: generation.form,
    status: STATUS[generation.status],
    advice: generation.advice,
  };
}
