import { Problem } from "@leasehold/kernel";
import type { KeyGeneration } from "@leasehold/license-format";
import type { ProductKeyState } from "./product-key.ts";

/** There is no such product key, or not of this license. */
export function productKeyNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such product key" });
}

/** The product key was revoked before. */
export function productKeyStateConflict(state: ProductKeyState): Problem {
  return new Problem("STATE_CONFLICT", {
    message: "the product key's state does not allow this",
    metadata: { state },
  });
}

/** The product key cannot be told again: none is kept here, it was made before any was, or it is revoked. */
export function productKeyNotKept(): Problem {
  return new Problem("KEY_NOT_KEPT", { message: "the product key is not kept" });
}

/** There is no such generation of product keys. */
export function keyGenerationNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such generation of product keys" });
}

/** Only an accepted generation can be retired. */
export function keyGenerationStateConflict(status: KeyGeneration["status"]): Problem {
  return new Problem("STATE_CONFLICT", {
    message: "only an accepted generation of product keys can be retired",
    metadata: { state: status },
  });
}
