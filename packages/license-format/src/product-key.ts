import type { RandomBytes } from "@leasehold/kernel";
import { readSymbols, type SymbolValue, writeSymbols } from "./crockford.ts";
import {
  currentGeneration,
  generationOf,
  KEY_GENERATIONS,
  type KeyGeneration,
} from "./key-generation.ts";
import { checkSymbols, isCodeWord } from "./reed-solomon.ts";

/** A key is 25 symbols: its generation, 20 of random data (100 bits), 4 of check. */
const DATA_SYMBOLS = 20;
const KEY_SYMBOLS = 25;
const GROUP = 5;
const MAX_TYPED = 128;

/** The human-typed secret that unlocks a license. */
export interface ProductKey {
  readonly generation: number;
  /** As it is printed: five groups of five symbols with dashes between. */
  readonly text: string;
  /** The 20 data symbols: what a store keys its MAC on. */
  readonly data: string;
}

/**
 * What somebody typed for a product key. `message` tells the typist what to look at; it
 * quotes the input, so it stays on the machine that the key was typed on.
 */
export type TypedProductKey =
  | { readonly kind: "valid"; readonly key: ProductKey }
  | { readonly kind: "mistyped"; readonly message: string }
  | { readonly kind: "retired"; readonly advice: string };

/** Makes a product key of the current generation. */
export function newProductKey(
  random: RandomBytes,
  generations: readonly KeyGeneration[] = KEY_GENERATIONS,
): ProductKey {
  const { generation } = currentGeneration(generations);
  // 32 divides 256: every symbol is equally likely.
  const data = Array.from(random(DATA_SYMBOLS), (byte) => byte & 31);
  const message = [generation, ...data];
  return productKey(generation, [...message, ...checkSymbols(message)]);
}

/** Reads a product key as people type it. Mends nothing but spelling: lookalikes, case, separators. */
export function parseProductKey(
  typed: string,
  generations: readonly KeyGeneration[] = KEY_GENERATIONS,
): TypedProductKey {
  if (typed.length > MAX_TYPED) return mistyped("This is too long for a product key.");
  const read = readSymbols(typed);
  if (read.kind === "foreign") return mistyped(foreignCharacter(read.character, read.after));
  const symbols = read.values;
  const generation = generationOf(symbols, generations);
  if (generation?.status === "RETIRED" && !isSlip(symbols, generations)) {
    return { kind: "retired", advice: generation.advice };
  }
  if (symbols.length !== KEY_SYMBOLS) {
    return mistyped(`A product key has 25 letters and digits; this has ${symbols.length}.`);
  }
  if (!isCodeWord(symbols)) {
    return mistyped("A letter or digit of this product key is wrong, or two are swapped.");
  }
  if (generation === undefined) return mistyped("No product key begins with this letter or digit.");
  return { kind: "valid", key: productKey(generation.generation, symbols) };
}

/**
 * Whether a key that looks retired by its first symbol is one that is taken with just that
 * symbol wrong, or swapped with another: its holder needs to look again, not a new key.
 */
function isSlip(symbols: readonly SymbolValue[], generations: readonly KeyGeneration[]): boolean {
  if (symbols.length !== KEY_SYMBOLS) return false;
  const taken = generations.filter(({ status }) => status !== "RETIRED");
  return taken.some(({ generation }) => isSlipOf(generation, symbols));
}

function isSlipOf(generation: number, symbols: readonly SymbolValue[]): boolean {
  const [first = 0, ...rest] = symbols;
  if (isCodeWord([generation, ...rest])) return true;
  return rest.some(
    (symbol, index) =>
      symbol === generation && isCodeWord([generation, ...rest.with(index, first)]),
  );
}

function productKey(generation: number, symbols: readonly SymbolValue[]): ProductKey {
  const plain = writeSymbols(symbols);
  const groups = Array.from({ length: KEY_SYMBOLS / GROUP }, (_, index) =>
    plain.slice(index * GROUP, (index + 1) * GROUP),
  );
  return { generation, text: groups.join("-"), data: plain.slice(1, 1 + DATA_SYMBOLS) };
}

function mistyped(message: string): TypedProductKey {
  return { kind: "mistyped", message };
}

function foreignCharacter(character: string, after: number): string {
  const group = Math.min(Math.floor(after / GROUP) + 1, KEY_SYMBOLS / GROUP);
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  // Characters that draw nothing, or turn the line round, are named by their code alone.
  const name = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)
    ? `"${character}" (U+${code})`
    : `U+${code}`;
  return `The character ${name} in group ${group} does not occur in product keys.`;
}
