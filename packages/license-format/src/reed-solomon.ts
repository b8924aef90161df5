// A Reed-Solomon code over GF(32), the field of five-bit symbols with x⁵ + x² + 1. Four
// check symbols put five symbols between any two code words of up to 31 symbols, so that
// one to four wrong symbols, and any swap of two, never lead from one to another.

/** How many check symbols a code word ends with. */
const CHECK_SYMBOLS = 4;

const FIELD_SIZE = 32;
const ORDER = FIELD_SIZE - 1;
const POLYNOMIAL = 0b100101;

/** `POWERS[i]` = αⁱ, of a whole period. */
const POWERS: readonly number[] = powersOfAlpha();
const LOGARITHMS: ReadonlyMap<number, number> = new Map(
  POWERS.map((power, exponent) => [power, exponent]),
);

/** (x − α)(x − α²)(x − α³)(x − α⁴), highest power first, its leading 1 left out. */
const GENERATOR: readonly number[] = generatorPolynomial().slice(1);

function powersOfAlpha(): readonly number[] {
  const powers: number[] = [];
  for (let power = 1; powers.length < ORDER;) {
    powers.push(power);
    power <<= 1;
    if (power >= FIELD_SIZE) power ^= POLYNOMIAL;
  }
  return powers;
}

function alpha(exponent: number): number {
  return POWERS[exponent % ORDER] ?? 0;
}

function multiply(a: number, b: number): number {
  const logA = LOGARITHMS.get(a);
  const logB = LOGARITHMS.get(b);
  return logA === undefined || logB === undefined ? 0 : alpha(logA + logB);
}

function generatorPolynomial(): readonly number[] {
  let product = [1];
  for (let root = 1; root <= CHECK_SYMBOLS; root++) {
    const shifted = [...product, 0];
    const scaled = [0, ...product.map((term) => multiply(term, alpha(root)))];
    product = shifted.map((term, index) => term ^ (scaled[index] ?? 0));
  }
  return product;
}

/** The four symbols that make a code word of these, which come first in it; at most 27. */
export function checkSymbols(message: readonly number[]): readonly number[] {
  let remainder: readonly number[] = GENERATOR.map(() => 0);
  for (const symbol of message) {
    const feedback = symbol ^ (remainder[0] ?? 0);
    const shifted = [...remainder.slice(1), 0];
    remainder = shifted.map((term, index) => term ^ multiply(feedback, GENERATOR[index] ?? 0));
  }
  return remainder;
}

/** Whether these symbols, check symbols last, are a code word. */
export function isCodeWord(symbols: readonly number[]): boolean {
  for (let root = 1; root <= CHECK_SYMBOLS; root++) {
    const value = symbols.reduce((sum, symbol) => multiply(sum, alpha(root)) ^ symbol, 0);
    if (value !== 0) return false;
  }
  return true;
}
