// Generated from proto/leasehold/errors/v1/error_reason.proto by `pnpm generate`.

/** Every reason why a call can fail, as the contract names them. */
export const ERROR_REASONS = [
  "INVALID_REQUEST",
  "MALFORMED_MESSAGE",
  "REQUEST_ID_REUSED",
  "REQUEST_IN_FLIGHT",
  "UNAUTHENTICATED",
  "CLOCK_SKEW",
  "PERMISSION_DENIED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "REVISION_CONFLICT",
  "KEY_CHECK",
  "KEY_GENERATION_RETIRED",
  "UNLOCK_REFUSED",
  "LICENSE_NOT_STARTED",
  "LICENSE_EXPIRED",
  "LICENSE_SUSPENDED",
  "LICENSE_REVOKED",
  "LICENSE_STATE_CONFLICT",
  "NO_SEATS",
  "RECOVERING",
  "LEASE_EXPIRED",
  "LEASE_RELEASED",
  "LEASE_ID_TAKEN",
  "LEASE_TOKEN_INVALID",
  "RATE_LIMITED",
  "OVERLOADED",
  "DRAINING",
  "DEPENDENCY_UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "CANCELLED",
  "INTERNAL",
  "HOLDER_EXCLUDED",
  "FEATURE_NOT_LICENSED",
  "LEASE_REVOKED",
  "POOL_DRAINED",
  "BORROW_REFUSED",
] as const;

/** Why a call failed; the contract tells what each means. */
export type ErrorReason = (typeof ERROR_REASONS)[number];
