import { Problem } from "@leasehold/kernel";
import type { SigningKeyState } from "./signing-key.ts";

/** There is no such signing key of the issuer. */
export function signingKeyNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such signing key" });
}

/** The signing key was revoked before. */
export function signingKeyStateConflict(state: SigningKeyState): Problem {
  return new Problem("STATE_CONFLICT", {
    message: "the signing key's state does not allow this",
    metadata: { state },
  });
}
