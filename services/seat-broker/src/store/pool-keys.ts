import { type Uuid, uuidBytes } from "@leasehold/kernel";

// What lua/lib/pool.lua calls KEYS, in its order.
const NAMES = ["m", "z", "s", "h", "t", "x", "q", "qt", "w", "d", "o"] as const;

/** Keys of so many licenses are remembered: they are asked for with every call, most often of the same ones. */
const MOST_REMEMBERED = 10_000;
const remembered = new Map<Uuid, readonly string[]>();

/** All keys of a license carry one hash tag, so that one script may touch them all. */
export function poolKeys(license: Uuid): readonly string[] {
  const known = remembered.get(license);
  if (known) return known;
  const tag = `lease:{${Buffer.from(uuidBytes(license)).toString("base64url")}}`;
  const keys = NAMES.map((name) => `${tag}:${name}`);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(license, keys);
  return keys;
}

/** One of them: all are on one node. */
export function poolKey(license: Uuid): string {
  return poolKeys(license)[0] ?? "";
}
