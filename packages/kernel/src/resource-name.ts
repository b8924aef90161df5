/** The variables of a pattern, for example `customer` and `license` of `customers/{customer}/licenses/{license}`. */
type Variables<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Variables<Rest>
  : never;

/**
 * Reads a resource name.
 * @param pattern for example `customers/{customer}/licenses/{license}`
 * @returns the value of each variable, or `undefined` if the name is not of the pattern.
 *   A value is 1 to 64 characters of `A-Z a-z 0-9 - _ .`, the first a letter or digit.
 */
export function parseName<const Pattern extends string>(
  pattern: Pattern,
  name: string,
): Readonly<Record<Variables<Pattern>, string>> | undefined {
  const expected = pattern.split("/");
  const actual = name.split("/");
  if (expected.length !== actual.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = actual[index] ?? "";
    if (!segment.startsWith("{")) {
      if (segment !== value) return undefined;
    } else if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value)) {
      values[segment.slice(1, -1)] = value;
    } else {
      return undefined;
    }
  }
  return values as Record<Variables<Pattern>, string>;
}

/** The resource name of a pattern with these values. */
export function formatName<const Pattern extends string>(
  pattern: Pattern,
  values: Readonly<Record<Variables<Pattern>, string>>,
): string {
  const known: Readonly<Record<string, string>> = values;
  return pattern.replaceAll(/\{([^}]+)\}/g, (_, name: string) => known[name] ?? "");
}
