import type { issuer } from "@leasehold/contracts";
import { type PageTokens, readList } from "@leasehold/list-query";
import type { Check } from "@leasehold/service-kit";
import type { ProductKeyRef } from "../domain/product-key.ts";
import { PRODUCT_KEYS_LIST } from "../domain/product-keys-list.ts";
import { parseKeyGenerationName, parseProductKeyName } from "../domain/resource-names.ts";
import type { GenerateProductKeys } from "../use-cases/generate-product-keys.ts";
import type { RetireKeyGeneration } from "../use-cases/key-generations.ts";
import { readLicenseName } from "./parse-license.ts";
import { KEY_GENERATION_PATTERN, PRODUCT_KEY_PATTERN, readName } from "./read-name.ts";

/** How many keys may be made at a time. */
const COUNT = { min: 1, max: 10_000 } as const;
/** Bounds of what the holder of a retired key is told, in code points. */
const ADVICE = { min: 1, max: 500 } as const;

/** The keys to make. */
export function readGenerateProductKeys(
  check: Check,
  { parent, count }: issuer.GenerateProductKeysRequest,
): GenerateProductKeys {
  return {
    license: readLicenseName(check, "parent", parent),
    count: check.integer("count", count, COUNT),
  };
}

/** A product key by its name. */
export function readProductKeyName(
  check: Check,
  { name }: { readonly name: string },
): ProductKeyRef {
  return readName(check, "name", name, parseProductKeyName, PRODUCT_KEY_PATTERN);
}

/** The key to tell once more; never without a word why. */
export function readRevealProductKey(
  check: Check,
  request: issuer.RevealProductKeyRequest,
): ProductKeyRef {
  if (request.why === "") check.violation("why", "must tell why");
  return readProductKeyName(check, request);
}

/** The keys to list, and how the page tells where the next one begins. */
export function readListProductKeys(
  check: Check,
  request: issuer.ListProductKeysRequest,
  tokens: PageTokens,
) {
  const { parent } = request;
  const call = { tokens, method: "ListProductKeys", parent };
  return {
    license: readLicenseName(check, "parent", parent),
    ...readList(check, PRODUCT_KEYS_LIST, request, call),
  };
}

/** The generation to retire. */
export function readRetireKeyGeneration(
  check: Check,
  { name, advice }: issuer.RetireKeyGenerationRequest,
): RetireKeyGeneration {
  return {
    id: readName(check, "name", name, parseKeyGenerationName, KEY_GENERATION_PATTERN),
    advice: check.text("advice", advice, ADVICE),
  };
}
