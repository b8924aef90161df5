import type { Uuid } from "@leasehold/kernel";
import type { Licensee } from "@leasehold/license-format";
import type { AmendedTerms, LicenseTerms } from "./license-terms.ts";

/** Whether a license may be used. */
export type LicenseState = "ACTIVE" | "SUSPENDED" | "REVOKED";

/** Which license is meant. A license of another customer's is no license. */
export interface LicenseRef {
  readonly customerId: Uuid;
  readonly id: Uuid;
}

/** What one customer bought. Times are milliseconds since 1970. */
export interface License extends LicenseRef {
  /** 1 at first; one more with every change. */
  readonly revision: bigint;
  readonly state: LicenseState;
  readonly productId: string;
  /** The edition that it was issued by, and its revision of then; absent if by none. */
  readonly edition?: { readonly id: string; readonly revision: bigint };
  readonly licensee: Licensee;
  readonly terms: LicenseTerms;
  readonly createTime: number;
  /** When this revision was made. */
  readonly updateTime: number;
  /** The license of another customer that became this one. */
  readonly transferredFrom?: LicenseRef | undefined;
  /** What this license became. */
  readonly transferredTo?: LicenseRef | undefined;
}

/** What may be done to a license that exists. */
export type LicenseChange =
  | { readonly kind: "amend"; readonly terms: AmendedTerms }
  | { readonly kind: "renew"; readonly terms: Renewal }
  | { readonly kind: "suspend" }
  | { readonly kind: "resume" }
  | { readonly kind: "revoke" };

/** The terms that a renewal puts off. */
export type Renewal = Pick<LicenseTerms, "endTime" | "maintenanceEndTime">;

/** What the history calls the making of a revision. */
export type LicenseAction =
  | "ISSUE"
  | "AMEND"
  | "RENEW"
  | "SUSPEND"
  | "RESUME"
  | "REVOKE"
  | "TRANSFER";

/** What came of a change. */
export type ChangeOutcome =
  | { readonly kind: "changed"; readonly license: License; readonly action: LicenseAction }
  | { readonly kind: "state-conflict"; readonly state: LicenseState };

const TRANSITIONS = {
  amend: { action: "AMEND", from: ["ACTIVE", "SUSPENDED"], to: undefined },
  renew: { action: "RENEW", from: ["ACTIVE", "SUSPENDED"], to: undefined },
  suspend: { action: "SUSPEND", from: ["ACTIVE"], to: "SUSPENDED" },
  resume: { action: "RESUME", from: ["SUSPENDED"], to: "ACTIVE" },
  revoke: { action: "REVOKE", from: ["ACTIVE", "SUSPENDED"], to: "REVOKED" },
} as const satisfies Record<
  LicenseChange["kind"],
  { action: LicenseAction; from: readonly LicenseState[]; to: LicenseState | undefined }
>;

/** The next revision of a license, made at `now`; whether its terms make sense is not checked. */
export function changeLicense(license: License, change: LicenseChange, now: number): ChangeOutcome {
  const { action, from, to } = TRANSITIONS[change.kind];
  const allowed: readonly LicenseState[] = from;
  if (!allowed.includes(license.state)) return { kind: "state-conflict", state: license.state };
  const next: License = {
    ...license,
    revision: license.revision + 1n,
    state: to ?? license.state,
    terms: "terms" in change ? { ...license.terms, ...change.terms } : license.terms,
    updateTime: now,
  };
  return { kind: "changed", license: next, action };
}

/** Whether a license may be used at an instant, and if not, why; revocation weighs most. */
export type Usability = "usable" | "revoked" | "suspended" | "not-started" | "expired";

/** Whether a license may be used at `now`. */
export function usability(license: License, now: number): Usability {
  if (license.state === "REVOKED") return "revoked";
  if (license.state === "SUSPENDED") return "suspended";
  if (now < license.terms.startTime) return "not-started";
  return now >= license.terms.endTime ? "expired" : "usable";
}
