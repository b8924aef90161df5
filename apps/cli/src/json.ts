/** A value of the JSON mapping of protobuf, with short enum names. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A message in the JSON mapping. */
export interface JsonObject {
  readonly [field: string]: Json;
}

/** Whether a value is a message, or what stands for one. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path; `undefined` where there is none. */
export function at(value: Json | undefined, path: string): Json | undefined {
  let found = value;
  for (const field of path.split(".")) found = isObject(found) ? found[field] : undefined;
  return found;
}

/** A scalar as text; empty where there is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}

/** The object with a value put at a dotted path. */
export function put(object: JsonObject, path: string, value: Json): JsonObject {
  const [field = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...object, [field]: value };
  const inner = object[field];
  return { ...object, [field]: put(isObject(inner) ? inner : {}, rest.join("."), value) };
}
