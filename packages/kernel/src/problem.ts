import type { ErrorReason } from "./error-reason.gen.ts";

/** A field of a request that breaks its rule. */
export interface FieldViolation {
  /** Path of the field as the contract spells it, for example `license.terms.seats`. */
  readonly field: string;
  /** What the rule is; never quotes the input. */
  readonly description: string;
}

/** What a problem tells besides its reason. */
export interface ProblemOptions {
  /** For the log and the status text: fixed words, never built from user input. */
  readonly message?: string;
  /** Facts for the caller, under the names that the contract gives the reason. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Milliseconds after which another try may succeed. */
  readonly retryAfterMs?: number;
  /** Every field that breaks its rule. */
  readonly violations?: readonly FieldViolation[];
  /** What brought it about; for the log only. */
  readonly cause?: unknown;
}

/**
 * A promise that cannot be kept, with the reason that the caller gets to know. Made only
 * by named constructors in `*-problems.ts` files. Whatever else is thrown is a bug.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly reason: ErrorReason;
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;
  readonly violations: readonly FieldViolation[];

  constructor(reason: ErrorReason, options: ProblemOptions = {}) {
    super(
      options.message ?? reason.toLowerCase().replaceAll("_", " "),
      "cause" in options ? { cause: options.cause } : {},
    );
    this.reason = reason;
    this.metadata = options.metadata ?? {};
    this.retryAfterMs = options.retryAfterMs;
    this.violations = options.violations ?? [];
  }
}

/** Whether something thrown is a problem, and, if given, one of this reason. */
export function isProblem(thrown: unknown, reason?: ErrorReason): thrown is Problem {
  return thrown instanceof Problem && (reason === undefined || thrown.reason === reason);
}
