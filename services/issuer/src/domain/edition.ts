import type { AmendedTerms, LicenseTerms } from "./license-terms.ts";

/** What the licenses of an edition grant; their times come from the day that each is issued. */
export type TermsTemplate = Omit<LicenseTerms, "startTime" | "endTime" | "maintenanceEndTime">;

/** What stands in place of an edition's terms. */
export type ReplacedTerms = AmendedTerms & Partial<Pick<LicenseTerms, "trial">>;

/** Which edition is meant. */
export interface EditionRef {
  readonly productId: string;
  /** The edition's code. */
  readonly id: string;
}

/** What the vendor tells of an edition. */
export interface EditionFacts {
  readonly displayName: string;
  readonly terms: TermsTemplate;
  /** How many days its licenses are valid. */
  readonly termDays: number;
  /** For how many days from the start new versions are included; 0: for the whole term. */
  readonly maintenanceDays: number;
  /** Whether no more licenses are issued by it. */
  readonly retired: boolean;
}

/** A template of licenses. Times are milliseconds since 1970. */
export interface Edition extends EditionRef, EditionFacts {
  /** 1 at first; one more with every change. */
  readonly revision: bigint;
  readonly createTime: number;
  /** When this revision was made. */
  readonly updateTime: number;
}

/** What the history calls the making of a revision. */
export type EditionAction = "CREATE" | "UPDATE";

/** Bounds of a term, in days. */
export const TERM_DAYS = { min: 1, max: 36_500 } as const;
/** Bounds of the time that new versions are included for, in days. */
export const MAINTENANCE_DAYS = { min: 0, max: 36_500 } as const;

const DAY_MS = 86_400_000;

/** The next revision of an edition, made at `now`; whether its terms make sense is not checked. */
export function changeEdition(
  edition: Edition,
  facts: Partial<EditionFacts>,
  now: number,
): Edition {
  return { ...edition, ...facts, revision: edition.revision + 1n, updateTime: now };
}

/**
 * The terms of a license that is issued by an edition.
 * @param now when the term begins, unless what is replaced says so
 * @param replaced what stands in place of the edition's terms
 */
export function termsByEdition(
  { terms, termDays, maintenanceDays }: Pick<Edition, "terms" | "termDays" | "maintenanceDays">,
  now: number,
  replaced: ReplacedTerms = {},
): LicenseTerms {
  const startTime = replaced.startTime ?? now;
  const after = (days: number) => startTime + days * DAY_MS;
  const maintenanceEndTime = maintenanceDays === 0 ? undefined : after(maintenanceDays);
  return { ...terms, startTime, endTime: after(termDays), maintenanceEndTime, ...replaced };
}
