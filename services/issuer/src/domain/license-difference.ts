import type { License } from "./license.ts";
import { licenseName } from "./resource-names.ts";

/** One field that is different between two revisions of a license. */
export interface FieldDifference {
  /** As the contract spells it, for example `terms.seats` or `terms.features[dataflow].limit`. */
  readonly path: string;
  /** What it was, as JSON; `undefined` if it was not there. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What tells the items of a list apart, where they have names. */
const NAMES = ["feature", "group"] as const;

/** What is different between two revisions, by path. Times of the revisions themselves do not count. */
export function licenseDifferences(from: License, to: License): readonly FieldDifference[] {
  const [before, after] = [fieldsOf(from), fieldsOf(to)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .map((path) => ({ path, from: before.get(path), to: after.get(path) }))
    .filter((difference) => difference.from !== difference.to);
}

function fieldsOf(license: License): ReadonlyMap<string, string> {
  const { state, licensee, terms, transferredTo } = license;
  const fields = new Map<string, string>();
  collect(fields, "", {
    state,
    licensee,
    terms,
    transferredTo: transferredTo && licenseName(transferredTo),
  });
  return fields;
}

function collect(fields: Map<string, string>, path: string, value: unknown): void {
  if (value === undefined) return;
  if (Array.isArray(value)) collectList(fields, path, value);
  else if (typeof value === "object" && value !== null)
    for (const [name, member] of Object.entries(value))
      collect(fields, path === "" ? spelled(name) : `${path}.${spelled(name)}`, told(name, member));
  else fields.set(path, json(value));
}

/** Lists of what has names are compared name by name, others as wholes. */
function collectList(fields: Map<string, string>, path: string, items: readonly unknown[]): void {
  const named = items.map((item) => ({ item, name: nameOf(item) }));
  if (items.length > 0 && named.every(({ name }) => name !== undefined))
    for (const { item, name } of named) collect(fields, `${path}[${name}]`, item);
  else if (items.length > 0) fields.set(path, json(items));
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const members = item as Readonly<Record<string, unknown>>;
  const key = NAMES.find((name) => typeof members[name] === "string");
  return key && String(members[key]);
}

/** Times and durations as the contract's JSON has them. */
function told(name: string, value: unknown): unknown {
  if (typeof value !== "number") return value;
  if (name.endsWith("Time")) return new Date(value).toISOString();
  return name.endsWith("Ms") ? `${value / 1000}s` : value;
}

function spelled(name: string): string {
  return name.replace(/Ms$/, "").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function json(value: unknown): string {
  return JSON.stringify(typeof value === "bigint" ? value.toString() : value);
}
