import { createHmac } from "node:crypto";
import { type PageTokens, pageTokens } from "@leasehold/list-query";
import type { ChallengeKeys } from "./domain/challenge.ts";

/** Tokens of pages. Every replica has the keys: a page that one began goes on at another. */
export function pageTokensOf([newest]: ChallengeKeys): PageTokens {
  const secret = createHmac("sha256", newest).update("leasehold/page-tokens/v1").digest();
  return pageTokens(secret);
}
