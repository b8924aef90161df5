import type { Operator } from "./comparison.ts";
import { readTime } from "./rfc3339.ts";

/** A value that a field is compared with. A number is a time, in milliseconds since 1970. */
export type ListValue = string | number | bigint | boolean;

/** What may be asked of a field. */
export interface Field {
  readonly kind: "text" | "word" | "reference" | "time" | "integer" | "boolean";
  readonly operators: readonly Operator[];
  /** Whether `=` and `!=` take the beginning of a value, `"abc*"`. */
  readonly hasPrefixes: boolean;
  /** What a value must be, for the caller. */
  readonly rule: string;
  /** The value that a text spells; `undefined` if it spells none. */
  read(text: string): ListValue | undefined;
}

const EQUALITY = ["=", "!="] as const;
const ORDER = [...EQUALITY, "<", "<=", ">", ">="] as const;
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n } as const;

/** Text that people read. Stored texts are in Unicode normalization form C, and so is what they are compared with. */
export function text(): Field {
  return {
    kind: "text",
    operators: [...ORDER, ":"],
    hasPrefixes: true,
    rule: "must be a text",
    read: (value) => value.normalize("NFC"),
  };
}

/** A word of the contract, with what the domain calls it. */
export function oneOf(values: Readonly<Record<string, string>>): Field {
  const known = new Map(Object.entries(values));
  return {
    kind: "word",
    operators: EQUALITY,
    hasPrefixes: false,
    rule: `must be one of ${[...known.keys()].join(", ")}`,
    read: (word) => known.get(word),
  };
}

/**
 * A name or an id, which is the same or is not.
 * @param pattern what it looks like, for the caller
 * @param parse what it stands for; `undefined` if it is not of the pattern
 */
export function reference(pattern: string, parse: (text: string) => string | undefined): Field {
  return {
    kind: "reference",
    operators: EQUALITY,
    hasPrefixes: false,
    rule: `must be ${pattern}`,
    read: parse,
  };
}

/** A time, written as RFC 3339 has it. */
export function time(): Field {
  return {
    kind: "time",
    operators: ORDER,
    hasPrefixes: false,
    rule: "must be a time of RFC 3339 in whole milliseconds, for example 2026-01-31T12:00:00Z",
    read: readTime,
  };
}

/** A whole number of 64 bits. */
export function integer(): Field {
  return {
    kind: "integer",
    operators: ORDER,
    hasPrefixes: false,
    rule: "must be a whole number of 64 bits",
    read: (digits) => {
      const value = /^-?\d{1,19}$/.test(digits) ? BigInt(digits) : undefined;
      return value !== undefined && value >= INT64.min && value <= INT64.max ? value : undefined;
    },
  };
}

/** Yes or no. */
export function boolean(): Field {
  const words = new Map([
    ["true", true],
    ["false", false],
  ]);
  return {
    kind: "boolean",
    operators: EQUALITY,
    hasPrefixes: false,
    rule: "must be true or false",
    read: (word) => words.get(word),
  };
}
