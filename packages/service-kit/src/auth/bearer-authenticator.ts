import { createHash, timingSafeEqual } from "node:crypto";
import { credentialsRefused } from "./auth-problems.ts";
import type { Authenticator } from "./authenticator.ts";
import type { BearerToken } from "./bearer-tokens.ts";

const BEARER = /^Bearer ([\u0021-\u007e]{1,512})$/;

/**
 * Knows administrators and services by the secret in `authorization: Bearer <secret>`.
 * Compares digests, each with every one, so that the time tells nothing.
 */
export function bearerAuthenticator(tokens: readonly BearerToken[]): Authenticator {
  return ({ header }) => {
    const presented = header("authorization");
    if (presented === undefined) return undefined;
    const secret = BEARER.exec(presented)?.[1];
    if (secret === undefined) throw credentialsRefused();
    const digest = createHash("sha256").update(secret).digest();
    let found: BearerToken | undefined;
    for (const token of tokens) if (timingSafeEqual(token.sha256, digest)) found = token;
    if (!found) throw credentialsRefused();
    return found.principal;
  };
}
