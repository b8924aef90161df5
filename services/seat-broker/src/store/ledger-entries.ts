import type { Holder } from "../domain/holder.ts";
import { type Uuid, uuidFromBytes } from "@leasehold/kernel";
import type { DenialCause, EntryPlace, LedgerEntry, SessionEnd } from "../domain/ledger-entry.ts";
import { fenceOf } from "./seat-facts.ts";

type Fields = ReadonlyMap<string, string>;

const ENDS = [
  "RELEASED",
  "EXPIRED",
  "REVOKED",
  "CHECKED_IN",
] as const satisfies readonly SessionEnd[];
const CAUSES = [
  "FULL",
  "FEATURE_FULL",
  "RESERVED",
  "DRAINED",
  "HOLDER_EXCLUDED",
  "FEATURE_NOT_LICENSED",
  "VERSION_NOT_COVERED",
  "INSTALLATION_DISABLED",
] as const satisfies readonly DenialCause[];

/**
 * Reads an entry of the ledger, as lua/lib/ledger.lua describes it.
 * @param told field, value, field, value, …, each on a line of its own
 * @returns `undefined` for one that makes no sense here, perhaps of a newer broker
 */
export function entryOf(told: string): LedgerEntry | undefined {
  const list = told.split("\n");
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < list.length; i += 2) fields.set(list[i] ?? "", list[i + 1] ?? "");
  const place = {
    epoch: Number(fields.get("epoch")),
    number: Number(fields.get("number")),
    at: Number(fields.get("at")),
  };
  if (!Object.values(place).every((value) => Number.isSafeInteger(value) && value > 0))
    return undefined;
  try {
    return eventOf(place, fields);
  } catch {
    return undefined;
  }
}

function eventOf(place: EntryPlace, fields: Fields): LedgerEntry | undefined {
  switch (fields.get("kind") ?? "") {
    case "grant":
    case "readmit":
      return {
        ...place,
        kind: "taken",
        lease: uuidOf(fields.get("lease")),
        fence: fenceOf(fields.get("fence") ?? ""),
        ...claimOf(fields),
        unit: fields.get("unit") ?? "",
        overdraft: fields.get("over") === "1",
        borrowed: fields.get("borrowed") === "1",
        live: count(fields, "live"),
      };
    case "end": {
      const end = oneOf(fields.get("reason"), ENDS);
      return { ...place, kind: "ended", lease: uuidOf(fields.get("lease")), end };
    }
    case "deny":
      return {
        ...place,
        kind: "denied",
        lease: uuidOf(fields.get("lease")),
        ...claimOf(fields),
        cause: oneOf(fields.get("cause"), CAUSES),
        feature: fields.get("feature") ?? "",
        live: count(fields, "live"),
        waiting: count(fields, "waiting"),
      };
    case "recovered":
      return { ...place, kind: "recovered", learnedAt: count(fields, "until") };
    default:
      return undefined;
  }
}

function claimOf(fields: Fields) {
  const features = fields.get("features") ?? "";
  return {
    party: partyOf(fields.get("by"), fields.get("facts") ?? ""),
    seats: count(fields, "seats") || 1,
    features: features === "" ? [] : [...new Set(features.split(","))],
  };
}

function partyOf(by: string | undefined, packed: string): Holder {
  const facts = packed === "" ? [] : (JSON.parse(packed) as readonly unknown[]);
  const [user = "", host = "", process = "", applicationVersion = "", address = ""] =
    facts.map(String);
  return { installation: uuidOf(by), user, host, process, applicationVersion, address };
}

/** @throws RangeError if it is none */
function uuidOf(packed: string | undefined): Uuid {
  return uuidFromBytes(Buffer.from(packed ?? "", "base64url"));
}

function count(fields: Fields, name: string): number {
  const value = Number(fields.get(name) ?? 0);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} is no count`);
  return value;
}

function oneOf<Word extends string>(value: string | undefined, words: readonly Word[]): Word {
  const word = words.find((known) => known === value);
  if (word === undefined) throw new Error("a word of the ledger is unknown");
  return word;
}
