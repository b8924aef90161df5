import type { Duration } from "@leasehold/contracts";
import { msFromDuration } from "@leasehold/contracts";
import { type FieldViolation, isUuid, parseName, type Uuid } from "@leasehold/kernel";
import { type TextBounds, textFault } from "./text-fault.ts";

/** From and to, both inclusive. */
export interface Bounds<Value> {
  readonly min: Value;
  readonly max: Value;
}

/** How many items a list may have, and what makes two of them the same. */
export interface ListBounds<Item> {
  readonly min?: number;
  readonly max: number;
  readonly unique?: (item: Item) => string;
}

/** Longest duration of the protobuf type, in seconds. */
const LONGEST_DURATION = 315_576_000_000n;

/**
 * Reads fields of a request. Each method takes the field's path as the contract spells
 * it, notes a violation if the value breaks the rule, and returns the value read; what it
 * returns for a bad value is never seen, as the whole parse then throws.
 */
export class Check {
  readonly violations: FieldViolation[] = [];

  /** Notes that a field breaks its rule. The description must not quote the input. */
  violation(field: string, description: string): void {
    this.violations.push({ field, description });
  }

  /** A text that people read: NFC, bounded in code points, without controls. */
  text(field: string, value: string, bounds: TextBounds): string {
    // Long before it matters, so that nobody makes the server normalize at length.
    const text = value.length > 8 * bounds.max ? value : value.normalize("NFC");
    const fault = textFault(text, bounds);
    return fault === undefined ? text : this.#refused(field, fault);
  }

  /** A text of a form of its own. The rule says what the form is. */
  matching(field: string, value: string, pattern: RegExp, rule: string): string {
    return pattern.test(value) ? value : this.#refused(field, rule);
  }

  uuid(field: string, value: string): Uuid {
    return isUuid(value) ? value : this.#refused(field, "must be a UUID in lower case");
  }

  /** Bytes, as many as said, or within bounds. */
  bytes<Value extends Uint8Array>(
    field: string,
    value: Value,
    length: number | Bounds<number>,
  ): Value {
    const { min, max } = typeof length === "number" ? { min: length, max: length } : length;
    if (value.length >= min && value.length <= max) return value;
    return this.#refused(
      field,
      min === max ? `must have ${min} bytes` : `must have ${min} to ${max} bytes`,
    );
  }

  integer<Value extends number | bigint>(
    field: string,
    value: Value,
    { min, max }: Bounds<Value>,
  ): Value {
    return value >= min && value <= max
      ? value
      : this.#refused(field, `must be from ${min} to ${max}`);
  }

  /** One of the values of an enum that are allowed. */
  oneOf<const Value>(field: string, value: unknown, allowed: readonly Value[]): Value {
    const found = allowed.find((known) => known === value);
    return found === undefined
      ? this.#refused(field, "must be one of the values of the contract")
      : found;
  }

  /** A duration, in milliseconds. Must be given unless there is a value to use instead. */
  duration(
    field: string,
    value: Duration | undefined,
    bounds: Bounds<number> & { readonly absent?: number },
  ): number {
    if (!value) return bounds.absent ?? this.#refused(field, "must be given");
    const { seconds, nanos } = value;
    const wellFormed =
      seconds <= LONGEST_DURATION && seconds >= -LONGEST_DURATION && Math.abs(nanos) < 1e9;
    const oneSign = seconds === 0n || nanos === 0 || seconds > 0n === nanos > 0;
    if (!wellFormed || !oneSign) return this.#refused(field, "must be a duration");
    const ms = msFromDuration(value);
    if (ms >= bounds.min && ms <= bounds.max) return ms;
    return this.#refused(field, `must be from ${bounds.min / 1000} s to ${bounds.max / 1000} s`);
  }

  /** A time, in milliseconds since 1970. Must be given. */
  timestamp(field: string, value: Date | undefined): number {
    if (!value) return this.#refused(field, "must be given");
    const ms = value.getTime();
    const year = value.getUTCFullYear();
    return year >= 1 && year <= 9999
      ? ms
      : this.#refused(field, "must be a time between the years 1 and 9999");
  }

  /** A resource name, for example of the pattern `customers/{customer}`: the value of each variable. */
  name<const Pattern extends string>(
    field: string,
    value: string,
    pattern: Pattern,
  ): NonNullable<ReturnType<typeof parseName<Pattern>>> {
    return parseName(pattern, value) ?? this.#refused(field, `must be ${pattern}`);
  }

  /** A message that must be given, read by a function. */
  message<Value, Result>(
    field: string,
    value: Value | undefined,
    read: (value: Value) => Result,
  ): Result {
    return value === undefined ? this.#refused(field, "must be given") : read(value);
  }

  /** A list, each item read by a function that gets the item's own path. */
  list<Item, Result>(
    field: string,
    items: readonly Item[],
    { min = 0, max, unique }: ListBounds<Item>,
    read: (item: Item, field: string) => Result,
  ): readonly Result[] {
    if (items.length < min || items.length > max)
      return this.#refused(field, `must have ${min} to ${max} items`);
    if (unique && new Set(items.map(unique)).size !== items.length)
      this.violation(field, "must not name anything twice");
    return items.map((item, index) => read(item, `${field}[${index}]`));
  }

  /** The paths of a field mask: at least one, each allowed, none twice. */
  fieldMask<const Path extends string>(
    field: string,
    paths: readonly string[] | undefined,
    allowed: readonly Path[],
  ): readonly Path[] {
    const found = (paths ?? []).map((path) => allowed.find((known) => known === path));
    const known = found.filter((path) => path !== undefined);
    if (known.length === 0 || known.length < found.length || new Set(known).size < known.length)
      return this.#refused(field, `must name some of: ${allowed.join(", ")}`);
    return known;
  }

  /** The caller goes on, so that every violation is found; what it builds is thrown away. */
  #refused(field: string, description: string): never {
    this.violations.push({ field, description });
    return undefined as never;
  }
}
