/*
 * The Huffman code of HPACK (RFC 7541, appendix B) is canonical: codes of one length count up in the order of
 * their symbols, and longer ones go on from there. So the symbols by length say it all. Symbols with codes of
 * more than 15 bits appear in no header of gRPC; a text that has one cannot be read here.
 */
const SYMBOLS_BY_LENGTH: ReadonlyMap<number, string> = new Map([
  [5, "012aceiost"],
  [6, " %-./3456789=A_bdfghlmnpru"],
  [7, ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz"],
  [8, "&*,;XZ"],
  [10, '!"()?'],
  [11, "'+|"],
  [12, "#>"],
  [13, "\0$@[]~"],
  [14, "^}"],
  [15, "<`{"],
]);

const LONGEST_CODE = 15;
/** By length and code. */
const SYMBOLS = symbolsByCode();

function symbolsByCode(): ReadonlyMap<number, string> {
  const symbols = new Map<number, string>();
  let code = 0;
  for (let length = 5; length <= LONGEST_CODE; length += 1) {
    for (const symbol of SYMBOLS_BY_LENGTH.get(length) ?? "")
      symbols.set(keyOf(length, code++), symbol);
    code <<= 1;
  }
  return symbols;
}

function keyOf(length: number, code: number): number {
  return (length << 16) | code;
}

/** @returns the text; `undefined` if it has a symbol that is not known here */
export function readHuffman(bytes: Uint8Array): string | undefined {
  let text = "";
  let code = 0;
  let length = 0;
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit -= 1) {
      code = (code << 1) | ((byte >> bit) & 1);
      length += 1;
      const symbol = SYMBOLS.get(keyOf(length, code));
      if (symbol !== undefined) {
        text += symbol;
        code = 0;
        length = 0;
      } else if (length > LONGEST_CODE) return undefined;
    }
  return text; // what is left is padding, ones that are no code
}
