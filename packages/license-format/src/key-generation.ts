import type { SymbolValue } from "./crockford.ts";
import { writeSymbols } from "./crockford.ts";

/** A generation of product keys: how to know its keys, and what becomes of them. */
export interface KeyGeneration {
  readonly generation: number;
  /** Matches the symbols of its keys, without separators and with lookalikes folded. */
  readonly shape: RegExp;
  /** CURRENT keys are made and taken, ACCEPTED ones only taken, RETIRED ones refused. */
  readonly status: "CURRENT" | "ACCEPTED" | "RETIRED";
  /** What the holder of a retired key should do; empty for the others. */
  readonly advice: string;
}

const NEW_KEY_NEEDED =
  "This product key belongs to an earlier major version, whose keys no longer unlock. " +
  "A new product key is needed: ask your vendor for one.";

/** Every generation there has been; a new one is a row, with exactly one row CURRENT. */
export const KEY_GENERATIONS: readonly KeyGeneration[] = [
  { generation: 2, shape: /^2.{24}$/, status: "CURRENT", advice: "" },
  { generation: 1, shape: /^1.{24}$/, status: "RETIRED", advice: NEW_KEY_NEEDED },
  // `LH1-XXXX-XXXX-XXXX`; its L reads as a 1.
  { generation: 1, shape: /^1H1.{12}$/, status: "RETIRED", advice: NEW_KEY_NEEDED },
];

/** The generation that new keys are of; also their first symbol. */
export const CURRENT_GENERATION = 2;

/** The generation that a key of this shape belongs to, if there is one. */
export function generationOf(symbols: readonly SymbolValue[]): KeyGeneration | undefined {
  const text = writeSymbols(symbols);
  return KEY_GENERATIONS.find((generation) => generation.shape.test(text));
}
