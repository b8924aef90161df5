import type { Uuid } from "@leasehold/kernel";
import type { FeatureGrant, LicenseState, Pool } from "../domain/pool.ts";

/** The terms of a pool as fields of its hash in Redis. */
const FIELDS = [
  "revision",
  "name",
  "state",
  "model",
  "seats",
  "features",
  "start",
  "end",
  "validity",
  "grace",
] as const;

type Field = (typeof FIELDS)[number];

export const POOL_FIELDS: readonly string[] = FIELDS;

/** Field, value, field, value, … */
export function fieldsOfPool({ revision, name, state, terms }: Pool): readonly string[] {
  const values = {
    revision: String(revision),
    name,
    state,
    model: terms.model,
    seats: String(terms.seats),
    features: featuresToJson(terms.features),
    start: String(terms.startTime),
    end: String(terms.endTime),
    validity: String(terms.validityMs),
    grace: String(terms.graceMs),
  } satisfies Record<Field, string>;
  return FIELDS.flatMap((field) => [field, values[field]]);
}

/** @param values in the order of `POOL_FIELDS` */
export function poolOfFields(license: Uuid, values: readonly (string | null)[]): Pool {
  const [revision, name, state, model, seats, features, start, end, validity, grace] = values.map(
    (value) => value ?? "",
  );
  return {
    license,
    name: name ?? "",
    revision: BigInt(revision ?? ""),
    state: licenseState(state),
    terms: {
      model: licenseModel(model),
      seats: Number(seats),
      features: featuresOfJson(JSON.parse(features ?? "")),
      startTime: Number(start),
      endTime: Number(end),
      validityMs: Number(validity),
      graceMs: Number(grace),
    },
  };
}

/** Limits as text: JSON's numbers are not 64 bits wide. */
export function featuresToJson(features: readonly FeatureGrant[]): string {
  return JSON.stringify(
    features.map(({ feature, limit }) =>
      limit === undefined ? { feature } : { feature, limit: String(limit) },
    ),
  );
}

/** @param json parsed; what `featuresToJson` wrote */
export function featuresOfJson(json: unknown): readonly FeatureGrant[] {
  if (!Array.isArray(json)) throw new Error("features must be a list");
  return json.map((entry: { readonly feature: string; readonly limit?: string }) =>
    entry.limit === undefined
      ? { feature: entry.feature }
      : { feature: entry.feature, limit: BigInt(entry.limit) },
  );
}

/** @throws Error for anything that is not a state */
export function licenseState(text: string | undefined): LicenseState {
  if (text === "ACTIVE" || text === "SUSPENDED" || text === "REVOKED") return text;
  throw new Error("a pool has an unknown state");
}

/** @throws Error for anything that is not a model */
export function licenseModel(text: string | undefined): "FLOATING" {
  if (text === "FLOATING") return text;
  throw new Error("a pool has an unknown model");
}
