import { type Uuid, uuidBytes } from "@leasehold/kernel";

// What lua/lib/pool.lua calls KEYS, in its order.
const NAMES = ["m", "z", "s", "h", "t", "x", "q", "qt", "w", "d", "o"] as const;

/** All keys of a license carry one hash tag, so that one script may touch them all. */
export function poolKeys(license: Uuid): readonly string[] {
  const tag = tagOf(license);
  return NAMES.map((name) => `${tag}:${name}`);
}

/** One of them: all are on one node. */
export function poolKey(license: Uuid): string {
  return `${tagOf(license)}:${NAMES[0]}`;
}

function tagOf(license: Uuid): string {
  return `lease:{${Buffer.from(uuidBytes(license)).toString("base64url")}}`;
}
