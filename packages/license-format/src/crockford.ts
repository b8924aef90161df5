/** The 32 symbols of Crockford's base32, each at its value: no `I`, `L`, `O`, `U`. */
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A symbol's value, 0 to 31. */
export type SymbolValue = number;

/** What people write for a symbol that looks like it. */
const LOOKALIKES: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1" };

/**
 * What may stand between symbols: spaces of any width, line ends, dashes of any length
 * (with the minus sign, which word processors put in), underscores and full stops.
 */
const SEPARATOR = /^[\p{Zs}\t\r\n\p{Pd}\u2212_.]$/u;

/** What a typed text says in symbols; or the first character that is none. */
export type Symbols =
  | { readonly kind: "symbols"; readonly values: readonly SymbolValue[] }
  | { readonly kind: "foreign"; readonly character: string; readonly after: number };

/**
 * Reads symbols as people type them: full-width forms, small letters, lookalikes and
 * separators are understood; every other character is foreign. `after` counts the symbols
 * in front of it.
 */
export function readSymbols(typed: string): Symbols {
  const values: SymbolValue[] = [];
  for (const typedCharacter of typed.normalize("NFKC")) {
    if (SEPARATOR.test(typedCharacter)) continue;
    // ASCII only: the upper case of `ß` would be two symbols that nobody typed.
    const character = /^[a-z]$/.test(typedCharacter)
      ? typedCharacter.toUpperCase()
      : typedCharacter;
    const value = ALPHABET.indexOf(LOOKALIKES[character] ?? character);
    if (value < 0) return { kind: "foreign", character, after: values.length };
    values.push(value);
  }
  return { kind: "symbols", values };
}

/** Symbols as text, without separators. */
export function writeSymbols(values: readonly SymbolValue[]): string {
  return values.map((value) => ALPHABET.charAt(value)).join("");
}
