import { createHash } from "node:crypto";
import { type PageTokens, pageTokens } from "@leasehold/list-query";

/**
 * What pages are told apart by.
 * @param secret one that every replica of the service has: a page that one began goes on at another
 */
export function pageTokensOf(secret: string | Uint8Array): PageTokens {
  return pageTokens(createHash("sha256").update(secret).digest());
}
