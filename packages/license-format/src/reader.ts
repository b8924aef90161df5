/** What a reader answers when the value is not what it reads. */
export const MALFORMED: unique symbol = Symbol("malformed");

/** Checks a value of unknown shape, and gives it a type. */
export type Reader<T> = (value: unknown) => T | typeof MALFORMED;

type Read<R> = R extends Reader<infer T> ? T : never;

/** Reads text that keeps a rule. */
export function text(rule: (value: string) => boolean): Reader<string> {
  return (value) => (typeof value === "string" && rule(value) ? value : MALFORMED);
}

/** Reads text that matches a pattern. */
export function pattern(expression: RegExp): Reader<string> {
  return text((value) => expression.test(value));
}

/** Reads exactly this. */
export function literal<const T extends string | boolean>(expected: T): Reader<T> {
  return (value) => (value === expected ? expected : MALFORMED);
}

/** Reads one of these texts. */
export function oneOf<const T extends string>(...known: readonly T[]): Reader<T> {
  return (value) => known.find((each) => each === value) ?? MALFORMED;
}

/** Reads one thing or, if it is not that, another. */
export function either<T, U>(first: Reader<T>, second: Reader<U>): Reader<T | U> {
  return (value) => {
    const read = first(value);
    return read === MALFORMED ? second(value) : read;
  };
}

/** Reads a whole number from `least` to `most`. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most
      ? value
      : MALFORMED;
}

/** Reads what may be absent. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : reader(value));
}

/** Reads a list of at most so many. */
export function list<T>(reader: Reader<T>, most: number): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) return MALFORMED;
    const elements: T[] = [];
    for (const element of value as readonly unknown[]) {
      const read = reader(element);
      if (read === MALFORMED) return MALFORMED;
      elements.push(read);
    }
    return elements;
  };
}

/** Reads an object with members of the reader's choosing; at most so many. */
export function record<T>(
  name: Reader<string>,
  reader: Reader<T>,
  most: number,
): Reader<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isObject(value)) return MALFORMED;
    const members = Object.entries(value);
    if (members.length > most) return MALFORMED;
    const entries: [string, T][] = [];
    for (const [key, member] of members) {
      const read = reader(member);
      if (name(key) === MALFORMED || read === MALFORMED) return MALFORMED;
      entries.push([key, read]);
    }
    return Object.fromEntries(entries);
  };
}

/** Reads an object with these members; others are ignored. */
export function object<const Shape extends Readonly<Record<string, Reader<unknown>>>>(
  shape: Shape,
): Reader<{ readonly [Name in keyof Shape]: Read<Shape[Name]> }> {
  return (value) => {
    if (!isObject(value)) return MALFORMED;
    const members: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(shape)) {
      const read = reader(Object.hasOwn(value, name) ? value[name] : undefined);
      if (read === MALFORMED) return MALFORMED;
      members[name] = read;
    }
    // Each member was read by the reader that its type is taken from.
    return members as { readonly [Name in keyof Shape]: Read<Shape[Name]> };
  };
}

/** Goes on from what a reader read; `next` may still refuse it. */
export function map<T, U>(reader: Reader<T>, next: (value: T) => U | typeof MALFORMED): Reader<U> {
  return (value) => {
    const read = reader(value);
    return read === MALFORMED ? MALFORMED : next(read);
  };
}

/** Reads JSON text. */
export function readJson<T>(json: string, reader: Reader<T>): T | typeof MALFORMED {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return MALFORMED;
  }
  return reader(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
