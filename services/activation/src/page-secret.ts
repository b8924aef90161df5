import { createHmac } from "node:crypto";
import type { ChallengeKeys } from "./domain/challenge.ts";

/** What page tokens are made with: every replica has it, so that pages that one began go on at another. */
export function pageSecret([newest]: ChallengeKeys): Uint8Array {
  return createHmac("sha256", newest).update("leasehold/page-tokens/v1").digest();
}
