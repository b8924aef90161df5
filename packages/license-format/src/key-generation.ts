import type { SymbolValue } from "./crockford.ts";
import { writeSymbols } from "./crockford.ts";

/** A generation of product keys: how to know its keys, and what becomes of them. */
export interface KeyGeneration {
  /** The first symbol of its keys, or the name of a shape that begins like another one. */
  readonly id: string;
  /** The value of its keys' first symbol. */
  readonly generation: number;
  /** Matches the symbols of its keys, without separators and with lookalikes folded. */
  readonly shape: RegExp;
  /** What its keys look like, for people. */
  readonly form: string;
  /** CURRENT keys are made and taken, ACCEPTED ones only taken, RETIRED ones refused. */
  readonly status: "CURRENT" | "ACCEPTED" | "RETIRED";
  /** What the holder of a retired key should do; empty for the others. */
  readonly advice: string;
}

const NEW_KEY_NEEDED =
  "This product key belongs to an earlier major version, whose keys no longer unlock. " +
  "A new product key is needed: ask your vendor for one.";

/**
 * Every generation there has been, the newest in front; a new one is a row, with exactly one row
 * CURRENT. Those that are CURRENT or ACCEPTED have 25 symbols, with check symbols.
 */
export const KEY_GENERATIONS: readonly KeyGeneration[] = [
  {
    id: "2",
    generation: 2,
    shape: /^2.{24}$/,
    form: "2XXXX-XXXXX-XXXXX-XXXXX-XXXXX",
    status: "CURRENT",
    advice: "",
  },
  {
    id: "1",
    generation: 1,
    shape: /^1.{24}$/,
    form: "1XXXX-XXXXX-XXXXX-XXXXX-XXXXX",
    status: "RETIRED",
    advice: NEW_KEY_NEEDED,
  },
  {
    id: "LH1",
    generation: 1,
    shape: /^1H1.{12}$/, // its L reads as a 1
    form: "LH1-XXXX-XXXX-XXXX",
    status: "RETIRED",
    advice: NEW_KEY_NEEDED,
  },
];

/** The generation that new keys are of. */
export function currentGeneration(generations: readonly KeyGeneration[]): KeyGeneration {
  const current = generations.find(({ status }) => status === "CURRENT");
  if (!current) throw new Error("no generation of product keys is current");
  return current;
}

/** The generation that a key of this shape belongs to, if there is one. */
export function generationOf(
  symbols: readonly SymbolValue[],
  generations: readonly KeyGeneration[],
): KeyGeneration | undefined {
  const text = writeSymbols(symbols);
  return generations.find((generation) => generation.shape.test(text));
}
