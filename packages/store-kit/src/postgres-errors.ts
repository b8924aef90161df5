import { DatabaseError } from "pg";

/** Which constraint of the schema a statement broke. */
export interface BrokenConstraint {
  readonly kind: "unique" | "foreign-key" | "check" | "not-null" | "exclusion";
  /** Name of the constraint; of the column where `kind` is `not-null`. */
  readonly constraint: string;
}

const KINDS: Readonly<Record<string, BrokenConstraint["kind"]>> = {
  "23502": "not-null",
  "23503": "foreign-key",
  "23505": "unique",
  "23514": "check",
  "23P01": "exclusion",
};

/** The constraint that an error of a statement tells of; `undefined` for any other error. */
export function constraintOf(error: unknown): BrokenConstraint | undefined {
  if (!(error instanceof DatabaseError)) return undefined;
  const kind = KINDS[error.code ?? ""];
  const constraint = kind === "not-null" ? error.column : error.constraint;
  return kind && constraint !== undefined ? { kind, constraint } : undefined;
}

/**
 * SQLSTATEs after which the same work may succeed later: connection lost or refused (08),
 * shutdown and start-up (57P), cancelled by a timeout (57014, 25P03), no resources (53),
 * lock not available (55P03), deadlock and serialization (40), read-only standby (25006).
 */
const TRANSIENT = /^(08|53|57P|57014|25P03|55P03|40|25006)/;

/**
 * Whether the database is to blame, not the statement. What carries no SQLSTATE comes from
 * the driver's connection, unless it is a mistake in using the driver.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError) return TRANSIENT.test(error.code ?? "");
  return error instanceof Error && !(error instanceof TypeError || error instanceof RangeError);
}

/** Whether the server did not take the password, or does not know the user any more. */
export function isPasswordRefused(error: unknown): boolean {
  return error instanceof DatabaseError && error.code?.startsWith("28") === true;
}

/** Whether the session cannot be used any more after this error. */
export function isSessionLost(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(08|57P|25P03)/.test(error.code ?? "");
  return isUnavailable(error);
}

/** Whether a statement was ended because it waited for a lock, or worked, for too long. */
export function isTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === "57014" || error.code === "55P03");
}
