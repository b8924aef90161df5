import { field, type Field, type FieldOptions } from "./field.ts";

/** Any text but an empty one. */
export function string(options: FieldOptions): Field<string> {
  return field("text", options, (text) =>
    text === "" ? { fault: "must not be empty" } : { value: text },
  );
}

/** One of several words. */
export function choice<const Word extends string>(
  words: readonly Word[],
  options: FieldOptions,
): Field<Word> {
  return field(words.join("|"), options, (text) => {
    const word = words.find((known) => known === text);
    return word === undefined ? { fault: `must be one of ${words.join(", ")}` } : { value: word };
  });
}

/** A whole number. */
export function integer(
  options: FieldOptions & { readonly min?: number; readonly max?: number },
): Field<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  return field("number", options, (text) => {
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max
      ? { value }
      : { fault: `must be a whole number from ${min} to ${max}` };
  });
}

/** A share, from 0 to 1. */
export function ratio(options: FieldOptions): Field<number> {
  return field("0..1", options, (text) => {
    const value = /^(0|1|[01]?\.\d{1,9})$/.test(text) ? Number(text) : Number.NaN;
    return value <= 1 ? { value } : { fault: "must be a number from 0 to 1" };
  });
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time with its unit, `250ms`, `30s`, `5m`, `1h` or `7d`; read as milliseconds. */
export function duration(
  options: FieldOptions & { readonly minMs?: number; readonly maxMs?: number },
): Field<number> {
  const { minMs = 0, maxMs = 2 ** 31 - 1 } = options;
  return field("duration", options, (text) => {
    const [, digits = "", unit = ""] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
    if (!digits) return { fault: "must be a number with its unit: ms, s, m, h or d" };
    const value = Number(digits) * UNIT_MS[unit as keyof typeof UNIT_MS];
    return value >= minMs && value <= maxMs
      ? { value }
      : { fault: `must be from ${minMs}ms to ${maxMs}ms` };
  });
}

/** On or off. */
export function flag(options: FieldOptions): Field<boolean> {
  return field("on|off", options, (text) => {
    if (text === "on" || text === "true") return { value: true };
    if (text === "off" || text === "false") return { value: false };
    return { fault: "must be on or off" };
  });
}

/** An absolute URL of one of these schemes. */
export function url(
  options: FieldOptions & { readonly schemes: readonly string[] },
): Field<string> {
  const { schemes } = options;
  const form = `${schemes.join("|")}://…`;
  return field(form, options, (text) => {
    const scheme = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : undefined;
    return scheme !== undefined && schemes.includes(scheme)
      ? { value: text }
      : { fault: `must be a URL, ${form}` };
  });
}

/** Host and port, `127.0.0.1:7401` or `[::1]:7401`; with port 0, a free one. */
export function address(options: FieldOptions): Field<string> {
  return field("host:port", options, (text) => {
    const port = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(\d{1,5})$/.exec(text)?.[1];
    return port !== undefined && Number(port) < 65_536
      ? { value: text }
      : { fault: "must be host:port" };
  });
}

/** A gRPC target: host and port, or with a scheme, `dns:///issuer:7401`. */
export function target(options: FieldOptions): Field<string> {
  const pattern = /^(?:dns:\/{0,3}|ipv4:|ipv6:|unix:)?[A-Za-z0-9.,:[\]/_-]{1,512}$/;
  return field("host:port", options, (text) =>
    pattern.test(text) && text.includes(":")
      ? { value: text }
      : { fault: "must be host:port or a gRPC target" },
  );
}

/** So many bytes as hexadecimal digits. */
export function hexBytes(length: number, options: FieldOptions): Field<Uint8Array> {
  return field(`${2 * length} hexadecimal digits`, options, (text) =>
    text.length === 2 * length && /^[0-9a-fA-F]+$/.test(text)
      ? { value: Uint8Array.from(Buffer.from(text, "hex")) }
      : { fault: `must be ${2 * length} hexadecimal digits` },
  );
}

/** The content of a file, without the white space around it. The setting names the file. */
export function secretFile(options: FieldOptions): Field<string> {
  return { ...string(options), form: "path", file: true };
}

/** A file's content, read as another kind of field. */
export function fromFile<Value>(content: Field<Value>): Field<Value> {
  return { ...content, form: `path of a file with ${content.form}`, file: true };
}

/** A file's content, read by a function that throws an error with a message for operators. */
export function parsedFile<Value>(
  options: FieldOptions,
  parse: (text: string) => Value,
): Field<Value> {
  const content = field("path", options, (text) => {
    try {
      return { value: parse(text) };
    } catch (thrown) {
      return { fault: thrown instanceof Error ? thrown.message : "cannot be read" };
    }
  });
  return { ...content, file: true };
}
