import { createHash } from "node:crypto";

/** How long a bootstrap token counts from when an issuer first saw it: 24 hours. */
export const BOOTSTRAP_MS = 24 * 3_600_000;

/** What is remembered of a bootstrap token. Times are milliseconds since 1970. */
export interface KnownBootstrapToken {
  readonly firstSeenTime: number;
  /** How far time had come when it was last looked at; it never goes back. */
  readonly latestTime: number;
}

/** Whether a token is too old. */
export function isOver({ firstSeenTime, latestTime }: KnownBootstrapToken): boolean {
  return latestTime >= firstSeenTime + BOOTSTRAP_MS;
}

/** What stands for a token. It has 256 random bits, so that a digest without salt will do. */
export function bootstrapDigest(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
