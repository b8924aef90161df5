import { sensitivityOf } from "@leasehold/contracts";
import { errorFacts } from "./error-facts.ts";
import type { LogFacts } from "./log.ts";

/** Secrets that are no field of the contract. */
const SECRET_FACTS: ReadonlySet<string> = new Set([
  "authorization",
  "certificate",
  "password",
  "pepper",
  "privateKey",
  "sealedKey",
]);

/** Names that are personal in some message of the contract, and stand for something else in a log. */
const PLAIN_FACTS: ReadonlySet<string> = new Set([
  "address", // where a service listens
  "name", // of a resource
  "subject", // who acted, as the audit log has it
]);

/** What is nested deeper is left out. */
const DEEPEST = 6;

/**
 * Facts without the values that the contract calls sensitive, at any depth, and without bytes, which
 * may be anything. An error right under its name is left to the serializer of errors.
 */
export function withhold(facts: LogFacts): LogFacts {
  return fields(facts, 0);
}

function fields(facts: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, withheld(name) ?? told(value, depth)]),
  );
}

function withheld(name: string): string | undefined {
  if (SECRET_FACTS.has(name)) return "[secret]";
  if (PLAIN_FACTS.has(name)) return undefined;
  const why = sensitivityOf(name);
  return why && `[${why.toLowerCase()}]`;
}

function told(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return depth === 0 ? value : errorFacts(value);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth === DEEPEST) return "[more]";
  if (Array.isArray(value)) return value.map((item) => told(item, depth + 1));
  return fields(value, depth + 1);
}
