import type { Uuid } from "@leasehold/kernel";
import { CHANGE_POLICIES, LICENSE_MODELS, resourceOfName, versionOf } from "../domain/pool.ts";
import type {
  FeatureGrant,
  LicenseState,
  Naming,
  Pool,
  PoolInForce,
  Terms,
} from "../domain/pool.ts";
import { OPEN_POLICY, type SeatPolicy } from "../domain/seat-policy.ts";
import { ANY_VERSION, type VersionRules } from "../domain/version-rules.ts";
import { packVersion, revisionIn } from "./terms-version.ts";

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
  "naming",
  "change_policy",
  "versions",
  "product_revision",
] as const;

type Field = (typeof FIELDS)[number];

const DRAIN_FIELDS = ["drained", "drain_revision"] as const;

export const POOL_FIELDS: readonly string[] = [...FIELDS, ...DRAIN_FIELDS];

/** Field, value, field, value, … */
export function fieldsOfPool(pool: Pool): readonly string[] {
  const { productRevision, name, boundTo, state, terms } = pool;
  const values = {
    revision: packVersion(versionOf(pool)),
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
    naming: terms.naming ? namingToJson(terms.naming) : "",
    change_policy: terms.changePolicy,
    versions: JSON.stringify(terms.versions),
    product_revision: String(productRevision),
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
    revision: revisionIn(of.revision),
    productRevision: BigInt(of.product_revision),
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
      ...(of.naming === "" ? {} : { naming: namingOfJson(JSON.parse(of.naming)) }),
      changePolicy: changePolicyOf(of.change_policy),
      versions: versionsOfJson(JSON.parse(of.versions || "{}")),
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

export function namingToJson({ revision, users }: Naming): string {
  return JSON.stringify({ revision: String(revision), users: [...users] });
}

/** @param json parsed; what `namingToJson` wrote */
export function namingOfJson(json: unknown): Naming {
  const { revision, users } = json as { revision: string; users: readonly string[] };
  return { revision: BigInt(revision), users: new Set(users) };
}

/** @param json parsed; rules, or `{}` for a pool from before there were any */
export function versionsOfJson(json: unknown): VersionRules {
  return { ...ANY_VERSION, ...(json as Partial<VersionRules>) };
}

/** Empty for a pool from before there were policies: applied at once. */
export function changePolicyOf(text: string): Terms["changePolicy"] {
  return CHANGE_POLICIES.find((known) => known === text) ?? "LIVE";
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
