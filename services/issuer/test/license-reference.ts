/** A license as the reference model has it. */
export interface ModelLicense {
  readonly customer: number;
  readonly revision: number;
  readonly state: "ACTIVE" | "SUSPENDED" | "REVOKED";
  readonly seats: number;
  /** How many days after the start it ends. */
  readonly days: number;
  /** What was done, the first revision at the front. */
  readonly history: readonly string[];
}

/** What is done to a license. */
export type ModelChange =
  | { readonly kind: "AMEND"; readonly seats: number }
  | { readonly kind: "RENEW"; readonly days: number }
  | { readonly kind: "SUSPEND" | "RESUME" | "REVOKE" }
  | { readonly kind: "TRANSFER"; readonly customer: number };

/** What comes of it: the reason of a refusal, or the license, and the one that begins. */
export type ModelOutcome =
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "changed"; readonly license: ModelLicense; readonly begun?: ModelLicense };

const STATES = {
  AMEND: { ACTIVE: "ACTIVE", SUSPENDED: "SUSPENDED" },
  RENEW: { ACTIVE: "ACTIVE", SUSPENDED: "SUSPENDED" },
  SUSPEND: { ACTIVE: "SUSPENDED" },
  RESUME: { SUSPENDED: "ACTIVE" },
  REVOKE: { ACTIVE: "REVOKED", SUSPENDED: "REVOKED" },
  TRANSFER: { ACTIVE: "REVOKED", SUSPENDED: "REVOKED" },
} as const satisfies Record<
  ModelChange["kind"],
  Partial<Record<ModelLicense["state"], ModelLicense["state"]>>
>;

/** What a change makes of a license, by the words of the contract. */
export function expected(
  license: ModelLicense,
  change: ModelChange,
  expectedRevision: number,
): ModelOutcome {
  const states: Partial<Record<string, ModelLicense["state"]>> = STATES[change.kind];
  const state = states[license.state];
  if (expectedRevision !== 0 && expectedRevision !== license.revision)
    return { kind: "refused", reason: "REVISION_CONFLICT" };
  if (state === undefined) return { kind: "refused", reason: "LICENSE_STATE_CONFLICT" };
  if (change.kind === "RENEW" && change.days <= license.days)
    return { kind: "refused", reason: "INVALID_REQUEST" };
  if (change.kind === "TRANSFER" && change.customer === license.customer)
    return { kind: "refused", reason: "INVALID_REQUEST" };
  const next: ModelLicense = {
    ...license,
    ...(change.kind === "AMEND" && { seats: change.seats }),
    ...(change.kind === "RENEW" && { days: change.days }),
    state,
    revision: license.revision + 1,
    history: [...license.history, change.kind],
  };
  if (change.kind !== "TRANSFER") return { kind: "changed", license: next };
  const begun = { ...license, customer: change.customer, revision: 1, history: ["TRANSFER"] };
  return { kind: "changed", license: next, begun };
}
