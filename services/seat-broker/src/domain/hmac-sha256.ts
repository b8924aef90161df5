import { createHmac, createSecretKey, hash } from "node:crypto";

/** How long a MAC is, in bytes. */
export const MAC_LENGTH = 32;

/** What SHA-256 takes at a time, in bytes. */
const BLOCK = 64;
/** Longer messages are rare, and left to Node. */
const LONGEST = 1_024;

/**
 * HMAC-SHA-256 with one secret (RFC 2104), composed of two hashes. Node's own makes an object for each MAC, which takes
 * twice as long and is looked after by the collector.
 * @returns the MAC of what the parts are one after the other, a byte a character (`latin1`)
 */
export function hmacSha256(
  secret: Uint8Array,
): (parts: readonly (string | Uint8Array)[]) => string {
  const node = createSecretKey(secret);
  const padded = Buffer.alloc(BLOCK);
  if (secret.length > BLOCK) padded.write(hash("sha256", secret, "binary"), "latin1");
  else padded.set(secret);
  const inner = Buffer.alloc(BLOCK + LONGEST);
  inner.set(padded.map((byte) => byte ^ 0x36));
  const outer = Buffer.alloc(BLOCK + MAC_LENGTH);
  outer.set(padded.map((byte) => byte ^ 0x5c));
  return (parts) => {
    let end = BLOCK;
    for (const part of parts) {
      const next = end + (typeof part === "string" ? Buffer.byteLength(part) : part.length);
      if (next > inner.length) return byNode(node, parts);
      if (typeof part === "string") inner.write(part, end);
      else inner.set(part, end);
      end = next;
    }
    outer.write(hash("sha256", inner.subarray(0, end), "binary"), BLOCK, "latin1");
    return hash("sha256", outer, "binary");
  };
}

function byNode(key: ReturnType<typeof createSecretKey>, parts: readonly (string | Uint8Array)[]) {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest("binary");
}
