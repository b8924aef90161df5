import type { RandomBytes } from "@leasehold/kernel";

/** Symbols that nobody takes for each other on the telephone. */
const SYMBOLS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 10;

/** What somebody who is refused tells the vendor, who finds the cause by it: `K7MQ2-9XR4T`. */
export function supportReference(random: RandomBytes): string {
  const symbols = [...random(LENGTH)].map((byte) => SYMBOLS[byte % SYMBOLS.length]);
  return `${symbols.slice(0, 5).join("")}-${symbols.slice(5).join("")}`;
}
