import type { Uuid } from "@leasehold/kernel";
import { LICENSE_MODELS, resourceOfName } from "../domain/pool.ts";
import type { FeatureGrant, LicenseState, Pool, PoolInForce, Terms } from "../domain/pool.ts";
import { OPEN_POLICY, type SeatPolicy } from "../domain/seat-policy.ts";

/** The terms of a pool as fields of its hash in Redis. */
const FIELDS = [
  "revision",
  "name",
  "bound_to",
  "state",
  "model",
  "seats",
  "features",
  "start",
  "end",
  "validity",
  "grace",
  "policy",
] as const;

type Field = (typeof FIELDS)[number];

const DRAIN_FIELDS = ["drained", "drain_revision"] as const;

export const POOL_FIELDS: readonly string[] = [...FIELDS, ...DRAIN_FIELDS];

/** Field, value, field, value, … */
export function fieldsOfPool({ revision, name, boundTo, state, terms }: Pool): readonly string[] {
  const values = {
    revision: String(revision),
    name,
    bound_to: boundTo ?? "",
    state,
    model: terms.model,
    seats: String(terms.seats),
    features: featuresToJson(terms.features),
    start: String(terms.startTime),
    end: String(terms.endTime),
    validity: String(terms.validityMs),
    grace: String(terms.graceMs),
    policy: policyToJson(terms.policy),
  } satisfies Record<Field, string>;
  // Said again as the scripts decide by it.
  const derived = ["overdraft", String(terms.policy.overdraft), "limits", limitsOf(terms)];
  return [...FIELDS.flatMap((field) => [field, values[field]]), ...derived];
}

/** The sub-pools that are limited, as lua/lib/admission.lua reads them. */
function limitsOf({ features, policy }: Terms): string {
  const limited = features.flatMap(({ feature, seats }) =>
    seats === undefined ? [] : [`f:${feature}=${seats}`],
  );
  const kept = policy.groups.flatMap(({ group, reservedSeats }) =>
    reservedSeats === 0 ? [] : [`g:${group}=${reservedSeats}`],
  );
  return [...limited, ...kept].join(",");
}

/** @param values in the order of `POOL_FIELDS` */
export function poolOfFields(license: Uuid, values: readonly (string | null)[]): PoolInForce {
  const of = Object.fromEntries(
    POOL_FIELDS.map((field, index) => [field, values[index] ?? ""]),
  ) as Record<Field | (typeof DRAIN_FIELDS)[number], string>;
  return {
    license,
    name: of.name,
    // A pool from before there were resources lacks the field, as does none of a resource.
    ...(resourceOfName(of.name) !== undefined && { boundTo: of.bound_to }),
    revision: BigInt(of.revision),
    state: licenseState(of.state),
    terms: {
      model: licenseModel(of.model),
      seats: Number(of.seats),
      features: featuresOfJson(JSON.parse(of.features)),
      startTime: Number(of.start),
      endTime: Number(of.end),
      validityMs: Number(of.validity),
      graceMs: Number(of.grace),
      policy: policyOfJson(JSON.parse(of.policy)),
    },
    drain: { drained: of.drained === "1", revision: BigInt(of.drain_revision) },
  };
}

/** Limits as text: JSON's numbers are not 64 bits wide. */
export function featuresToJson(features: readonly FeatureGrant[]): string {
  return JSON.stringify(
    features.map(({ feature, limit, seats }) => ({ feature, limit: limit?.toString(), seats })),
  );
}

/** @param json parsed; what `featuresToJson` wrote */
export function featuresOfJson(json: unknown): readonly FeatureGrant[] {
  if (!Array.isArray(json)) throw new Error("features must be a list");
  return json.map(
    (entry: { readonly feature: string; readonly limit?: string; readonly seats?: number }) => ({
      feature: entry.feature,
      ...(entry.limit === undefined ? {} : { limit: BigInt(entry.limit) }),
      ...(entry.seats === undefined ? {} : { seats: entry.seats }),
    }),
  );
}

export function policyToJson(policy: SeatPolicy): string {
  return JSON.stringify(policy);
}

/** @param json parsed; what `policyToJson` wrote, or `{}` for a pool from before there were policies */
export function policyOfJson(json: unknown): SeatPolicy {
  return { ...OPEN_POLICY, ...(json as Partial<SeatPolicy>) };
}

/** @throws Error for anything that is not a state */
export function licenseState(text: string | undefined): LicenseState {
  if (text === "ACTIVE" || text === "SUSPENDED" || text === "REVOKED") return text;
  throw new Error("a pool has an unknown state");
}

/** @throws Error for anything that is not a model */
export function licenseModel(text: string | undefined): Terms["model"] {
  const model = LICENSE_MODELS.find((known) => known === text);
  if (model === undefined) throw new Error("a pool has an unknown model");
  return model;
}
