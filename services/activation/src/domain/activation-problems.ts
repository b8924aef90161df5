import { Problem } from "@leasehold/kernel";

/** The product key is mistyped. What exactly is wrong with it only its typist should read. */
export function keyMistyped(): Problem {
  return new Problem("KEY_CHECK", { message: "the product key is mistyped" });
}

/** The product key belongs to an earlier generation. */
export function keyGenerationRetired(advice: string, contact: string): Problem {
  return new Problem("KEY_GENERATION_RETIRED", {
    message: "the product key belongs to an earlier generation",
    metadata: { advice, contact },
  });
}

/** No such installation, or none that the caller may know of. */
export function installationNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "no such installation" });
}
