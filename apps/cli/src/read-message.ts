import { parse } from "yaml";
import { fileText } from "./flag-values.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The message in a file of YAML, or JSON, which is YAML too. Times and numbers are read as they are
 * written.
 * @throws UsageError if there is none.
 */
export function readMessage(path: string): JsonObject {
  const read = parsed(fileText(path), path);
  if (!isObject(read)) throw new UsageError(`${path} has no fields in it`);
  return read;
}

function parsed(text: string, path: string): Json {
  try {
    return parse(text, { schema: "core" }) as Json;
  } catch (thrown) {
    const [why] = thrown instanceof Error ? thrown.message.split("\n") : [];
    throw new UsageError(`${path}: ${why}`);
  }
}
