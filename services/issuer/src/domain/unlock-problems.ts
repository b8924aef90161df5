import { Problem } from "@leasehold/kernel";

/**
 * Key, name, organization and product do not unlock a license together. The same to the
 * byte whichever is wrong: it must not tell whether a key exists.
 */
export function unlockRefused(): Problem {
  return new Problem("UNLOCK_REFUSED", { message: "this does not unlock a license" });
}

/** The product key cannot be one: length, letters or check symbols. */
export function keyMistyped(): Problem {
  return new Problem("KEY_CHECK", { message: "the product key is mistyped" });
}

/**
 * The product key is of an earlier generation.
 * @param contact whom to ask for a new one; may be empty
 */
export function keyGenerationRetired(advice: string, contact: string): Problem {
  return new Problem("KEY_GENERATION_RETIRED", {
    message: "the product key belongs to an earlier generation",
    metadata: { advice, contact },
  });
}
