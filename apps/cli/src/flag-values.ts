import { readFileSync } from "node:fs";
import type { Json, JsonObject } from "./json.ts";
import { UsageError } from "./usage-error.ts";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A time in RFC 3339, or a day, which stands for its beginning in UTC. */
export function time(text: string): string {
  const full = DAY.test(text) ? `${text}T00:00:00Z` : text;
  if (Number.isNaN(Date.parse(full)) || !/^\d{4}-\d{2}-\d{2}T/.test(full))
    throw new UsageError(`"${text}" is no time: say 2026-01-31 or 2026-01-31T12:00:00Z`);
  return full;
}

/** The name of a resource, or its id alone where a collection is at the top: `atlas` for `products/atlas`. */
export function nameIn(collection: string): (text: string) => string {
  return (text) => (text.includes("/") ? text : `${collection}/${text}`);
}

/** A feature that a license unlocks: `CODE`, `CODE=LIMIT`, either with `@SEATS` behind it. */
export function featureGrant(text: string): JsonObject {
  const [, feature = "", limit, seats] = /^([^=@]+)(?:=(\d+))?(?:@(\d+))?$/.exec(text) ?? [];
  if (feature === "")
    throw new UsageError(`"${text}" is no feature: say dataflow, diagrams=200 or dataflow@2`);
  return {
    feature,
    ...(limit !== undefined && { limit }),
    ...(seats !== undefined && { seats: Number(seats) }),
  };
}

/** A feature of a product, of a kind: `CODE`, or `CODE=DISPLAY NAME`. */
export function feature(kind: "SWITCH" | "COUNTED"): (text: string) => JsonObject {
  return (text) => {
    const [code = "", ...name] = text.split("=");
    return { code, displayName: name.length === 0 ? code : name.join("="), kind };
  };
}

/** `KEY=VALUE` pairs with commas between them; a value with a comma stands in `"`. */
export function pairs(keys: readonly string[]): (text: string) => JsonObject {
  const pair = /\s*([a-zA-Z]+)=("[^"]*"|[^,"]*)(?:,|$)/y;
  return (text) => {
    const read: Record<string, Json> = {};
    pair.lastIndex = 0;
    while (pair.lastIndex < text.length) {
      const [, key = "", value = ""] = pair.exec(text) ?? [];
      if (!keys.includes(key))
        throw new UsageError(`"${text}" is not made of ${keys.map((key) => `${key}=…`).join(",")}`);
      read[key] = value.startsWith('"') ? value.slice(1, -1) : value.trim();
    }
    return read;
  };
}

/** What a file has in it, without the line's end: how secrets and tokens come in. `-`: standard input. */
export function fileText(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8").trimEnd();
  } catch (thrown) {
    throw new UsageError(`cannot read ${path}: ${thrown instanceof Error ? thrown.message : "?"}`);
  }
}
