import { type Argument, attributeOf, type Command, type Flag, type Mask } from "./command.ts";
import { at, isObject, type Json, type JsonObject, put } from "./json.ts";
import { UsageError } from "./usage-error.ts";

/** What was typed, by commander's names of the flags. */
export type Given = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What was typed after a command. */
export interface Typed {
  readonly argument: string | undefined;
  readonly given: Given;
  /** Message fields that came whole from a file, by their path. */
  readonly files?: JsonObject;
}

/**
 * The request that flags make, in the JSON mapping. A file says a whole message, and flags
 * change what is in it.
 * @throws UsageError if a value cannot be read.
 */
export function buildRequest(command: Command, typed: Typed): JsonObject {
  let request: JsonObject = {};
  for (const [path, message] of Object.entries(typed.files ?? {}))
    request = put(request, path, message);
  if (command.argument && typed.argument !== undefined)
    request = put(request, command.argument.path, readValue(command.argument, typed.argument));
  request = withFlags(request, command.flags ?? [], typed.given);
  request = withShared(request, command, typed.given);
  if (command.mask) request = withMask(request, command.mask, typed.given["clear"]);
  return command.complete?.(request) ?? request;
}

function withFlags(request: JsonObject, flags: readonly Flag[], given: Given): JsonObject {
  let made = request;
  const lists = new Map<string, readonly Json[]>(); // several flags may add to one list
  for (const flag of flags) {
    const value = given[attributeOf(flag)];
    if (value === undefined || flag.file === true) continue;
    if (flag.repeated === true) {
      const entries = [value].flat().map((text) => readValue(flag, String(text)));
      lists.set(flag.path, [...(lists.get(flag.path) ?? []), ...entries]);
    } else
      made = put(
        made,
        flag.path,
        typeof value === "boolean" ? value : readValue(flag, String(value)),
      );
  }
  for (const [path, entries] of lists) made = put(made, path, entries);
  return made;
}

/** The fields that are called the same in every request. */
function withShared(
  request: JsonObject,
  { kind, why, revision, expressions }: Command,
  given: Given,
): JsonObject {
  const shared: Record<string, Json> = {};
  const take = (flag: string, field: string): void => {
    const value = given[flag];
    if (typeof value === "string") shared[field] = value;
  };
  if (why) take("why", "why");
  if (revision) take("revision", "expectedRevision");
  if (kind === "list" && expressions !== false) {
    take("filter", "filter");
    take("orderBy", "orderBy");
  }
  if (kind === "destroy" && given["dryRun"] === true) shared["validateOnly"] = true;
  return { ...request, ...shared };
}

function withMask(request: JsonObject, mask: Mask, clear: Given[string]): JsonObject {
  const partial = at(request, mask.of);
  const given = isObject(partial) ? Object.keys(partial) : [];
  const cleared = typeof clear === "object" ? clear.map(camelCase) : [];
  const fields = [...given, ...cleared].filter((field) => !mask.fixed?.includes(field));
  const both = cleared.find((field) => given.includes(field));
  if (both !== undefined) throw new UsageError(`${both} cannot be set and cleared at once`);
  if (fields.length === 0) throw new UsageError("nothing is said to change");
  return put(request, mask.into, fields.join(","));
}

function readValue({ read }: Pick<Flag | Argument, "read">, text: string): Json {
  return read ? read(text) : text;
}

function camelCase(field: string): string {
  return field.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
