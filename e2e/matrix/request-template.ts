import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { fromJson, type JsonObject, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type Belongings, SLOTS } from "./belongings.ts";

/** A value for a field: the same for everybody, or what belongs to whomever the call is about. */
type Candidate = (of: Belongings) => JsonValue;

/** Fields that say nothing of what the call is about. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "request_id",
  "page_token",
  "filter",
  "order_by",
  "why",
  "reason",
]);
const TEXTS: readonly Candidate[] = [
  () => newUuid(systemClock, systemRandom),
  () => "someone@acme.example",
  () => "text",
  () => "1.0.0",
];
const NAMES: readonly Candidate[] = SLOTS.filter((slot) => slot !== "lease").map(
  (slot) => (of) => of[slot],
);
const BYTES: readonly Candidate[] = [
  ({ lease }) => lease,
  () => Buffer.from(systemRandom(16)).toString("base64"),
  () => Buffer.from(systemRandom(32)).toString("base64"),
];
const TIMES: readonly Candidate[] = [
  () => "2026-01-01T00:00:00Z",
  () => "2026-01-02T00:00:00Z",
  () => "2036-01-01T00:00:00Z",
  () => new Date(systemClock.now() - 3_600_000).toISOString(),
];

/**
 * A request of a method that fills itself, by what the server says of it: it begins with what a
 * request could be about, and takes the next possible value of each field that is refused.
 */
export class RequestTemplate {
  readonly #input: DescMessage;
  /** Which candidate each field has, by the field's path as the contract spells it. */
  readonly #chosen = new Map<string, number>();

  constructor(input: DescMessage) {
    this.#input = input;
    for (const field of input.fields) if (isReference(field)) this.#chosen.set(field.name, 0);
  }

  /** Whether a field can be filled by what belongs to somebody. */
  get isAbout(): boolean {
    return this.#chosen.size > 0;
  }

  /** Takes the next value of each of the fields. @throws Error if one has no other value */
  advance(paths: readonly string[]): void {
    if (paths.length === 0) throw new Error("the request is refused over no field");
    for (const path of new Set(paths)) {
      const next = (this.#chosen.get(path) ?? -1) + 1;
      if (next >= candidates(fieldAt(this.#input, path)).length)
        throw new Error(`no value is known for ${path}`);
      this.#chosen.set(path, next);
    }
  }

  /** The request in bytes, about somebody's belongings; nothing is done where that can be asked for. */
  render(of: Belongings): Uint8Array {
    const json: JsonObject = {};
    if (this.#input.fields.some(({ name }) => name === "request_id"))
      json["request_id"] = newUuid(systemClock, systemRandom);
    if (this.#input.fields.some(({ name }) => name === "validate_only"))
      json["validate_only"] = true;
    const paths = [...this.#chosen].toSorted(([a], [b]) => stepsOf(a).length - stepsOf(b).length);
    for (const [path, index] of paths) {
      const field = fieldAt(this.#input, path);
      const value = candidates(field)[index]?.(of) ?? null;
      put(json, stepsOf(path), endsInElement(path) || !isList(field) ? value : [value]);
    }
    return toBinary(this.#input, fromJson(this.#input, json));
  }
}

function isReference(field: DescField): boolean {
  if (field.fieldKind !== "scalar" || LEFT_OUT.has(field.name)) return false;
  return field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES;
}

function isList(field: DescField): boolean {
  return field.fieldKind === "list";
}

/** The possible values of a field, or of an entry of it. */
function candidates(field: DescField): readonly Candidate[] {
  if (field.fieldKind === "map") return [() => ({})];
  if (field.message) return ofMessage(field.message);
  if (field.enum) {
    const { values } = field.enum;
    return values
      .filter(({ number }) => number !== 0)
      .map(
        ({ name }) =>
          () =>
            name,
      );
  }
  if (field.scalar === ScalarType.STRING) return [...NAMES, ...TEXTS];
  if (field.scalar === ScalarType.BYTES) return BYTES;
  if (field.scalar === ScalarType.BOOL) return [() => true];
  return [1, 2, 10, 100].map((number) => () => number);
}

function ofMessage({ typeName }: DescMessage): readonly Candidate[] {
  if (typeName === "google.protobuf.Timestamp") return TIMES;
  if (typeName === "google.protobuf.Duration")
    return ["1s", "60s", "3600s"].map((text) => () => text);
  return [() => ({})];
}

/** `a.b[0].c` as its steps. */
function stepsOf(path: string): readonly string[] {
  return path.split(/[.[\]]+/).filter((step) => step !== "");
}

function endsInElement(path: string): boolean {
  return path.endsWith("]");
}

/** @throws Error if the contract has no such field */
function fieldAt(message: DescMessage, path: string): DescField {
  const [first = "", ...rest] = stepsOf(path).filter((step) => !/^\d+$/.test(step));
  const field = message.fields.find(({ name }) => name === first);
  if (!field) throw new Error(`${message.typeName} has no field ${path}`);
  if (rest.length === 0) return field;
  if (!field.message) throw new Error(`${message.typeName} has no field ${path}`);
  return fieldAt(field.message, rest.join("."));
}

function put(json: JsonObject, [step = "", ...rest]: readonly string[], value: JsonValue): void {
  if (rest.length === 0) {
    json[step] = value;
    return;
  }
  json[step] ??= /^\d+$/.test(rest[0] ?? "") ? [] : {};
  put(json[step] as JsonObject, rest, value);
}
