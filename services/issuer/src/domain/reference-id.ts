import type { RandomBytes } from "@leasehold/kernel";

/** Crockford's base32: nothing that is mistaken for something else. */
const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 10;

/**
 * A reference id that nobody chose, such as `7K3M9-Q2X8B`: 50 random bits, so that it is not
 * guessed, and that no choice finds out which others there are.
 */
export function newReferenceId(random: RandomBytes): string {
  const symbols = [...random(LENGTH)].map((byte) => SYMBOLS[byte % SYMBOLS.length]);
  return `${symbols.slice(0, LENGTH / 2).join("")}-${symbols.slice(LENGTH / 2).join("")}`;
}
