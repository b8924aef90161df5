import { isList, isObject, type Json, type JsonObject } from "./manifest.ts";

/** One step of a JSON patch (RFC 6902), of the four kinds that the manifests use. */
export interface Operation {
  readonly op: "add" | "remove" | "replace" | "test";
  readonly path: string;
  readonly value?: Json;
}

/**
 * Carries out the steps of a patch.
 * @throws Error if a step meets nothing: a patch that does nothing is a mistake
 */
export function jsonPatch(base: JsonObject, operations: readonly Operation[]): JsonObject {
  return operations.reduce<JsonObject>((object, operation) => {
    const path = operation.path
      .split("/")
      .slice(1)
      .map((word) => word.replaceAll("~1", "/").replaceAll("~0", "~"));
    return step(object, path, operation) as JsonObject;
  }, base);
}

function step(
  at: Json | undefined,
  [word, ...rest]: readonly string[],
  operation: Operation,
): Json {
  if (word === undefined) throw new Error(`${operation.path}: the whole object is not replaced`);
  if (isList(at)) {
    const index = Number(word);
    if (!(index < at.length)) throw new Error(`${operation.path}: there is no ${word}`);
    return at.with(index, change(at[index], rest, operation));
  }
  if (!isObject(at)) throw new Error(`${operation.path}: there is nothing at ${word}`);
  if (operation.op !== "add" && !(word in at))
    throw new Error(`${operation.path}: there is no ${word}`);
  if (rest.length === 0 && operation.op === "remove") {
    const { [word]: _, ...others } = at;
    return others;
  }
  return { ...at, [word]: change(at[word], rest, operation) };
}

function change(former: Json | undefined, rest: readonly string[], operation: Operation): Json {
  if (rest.length > 0) return step(former, rest, operation);
  if (operation.value === undefined) throw new Error(`${operation.path}: there is no value`);
  if (operation.op === "test" && JSON.stringify(former) !== JSON.stringify(operation.value))
    throw new Error(`${operation.path}: there is ${JSON.stringify(former)}`);
  return operation.value;
}
