import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { UsageError } from "./usage-error.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

/** Enum names as the JSON mapping of protobuf has them, from short ones: `LICENSE_STATE_ACTIVE`. */
export function withLongNames(message: DescMessage, json: Json): Json {
  return translate(message, json, (type, name) => {
    const short = name.toUpperCase().replaceAll("-", "_");
    const found = type.values.find((value) => [value.localName, value.name].includes(short));
    if (found) return found.name;
    const known = type.values.filter(({ number }) => number !== 0);
    const words = known.map(({ localName }) => localName).join(", ");
    throw new UsageError(`"${name}" is none of ${words}`);
  });
}

/** Enum names without what all of the type have in front: `ACTIVE`. */
export function withShortNames(message: DescMessage, json: Json): Json {
  return translate(
    message,
    json,
    (type, name) => type.values.find((value) => value.name === name)?.localName ?? name,
  );
}

type Rename = (type: DescEnum, name: string) => string;

function translate(message: DescMessage, json: Json, rename: Rename): Json {
  if (!isObject(json)) return json; // a time, a duration, a mask: texts
  const entries = Object.entries(json).map(([name, value]) => {
    const field = message.fields.find((field) => field.jsonName === name || field.name === name);
    return [name, field ? inField(field, value, rename) : value] as const;
  });
  return Object.fromEntries(entries) satisfies JsonObject;
}

function inField(field: DescField, value: Json, rename: Rename): Json {
  if (Array.isArray(value)) return value.map((entry: Json) => inField(field, entry, rename));
  if (field.enum) return typeof value === "string" ? rename(field.enum, value) : value;
  if (field.message && field.fieldKind !== "map") return translate(field.message, value, rename);
  return value;
}
