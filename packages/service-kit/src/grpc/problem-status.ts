import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import {
  type Any,
  BadRequest,
  durationFromMs,
  encodeMessage,
  ErrorInfo,
  RetryInfo,
  RpcStatus,
  sensitivityOf,
} from "@leasehold/contracts";
import type { ErrorReason, Problem } from "@leasehold/kernel";
import { withoutSecrets } from "../log/scrub.ts";
import { statusText } from "./status-text.ts";

/** The gRPC status of each reason, as the contract states it. */
const STATUS_OF_REASON = {
  INVALID_REQUEST: status.INVALID_ARGUMENT,
  MALFORMED_MESSAGE: status.INVALID_ARGUMENT,
  REQUEST_ID_REUSED: status.INVALID_ARGUMENT,
  REQUEST_IN_FLIGHT: status.ABORTED,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  CLOCK_SKEW: status.UNAUTHENTICATED,
  BOOTSTRAP_ENDED: status.UNAUTHENTICATED,
  LAST_OWNER: status.FAILED_PRECONDITION,
  PERMISSION_DENIED: status.PERMISSION_DENIED,
  NOT_FOUND: status.NOT_FOUND,
  ALREADY_EXISTS: status.ALREADY_EXISTS,
  REVISION_CONFLICT: status.ABORTED,
  KEY_CHECK: status.INVALID_ARGUMENT,
  KEY_GENERATION_RETIRED: status.FAILED_PRECONDITION,
  UNLOCK_REFUSED: status.PERMISSION_DENIED,
  LICENSE_NOT_STARTED: status.FAILED_PRECONDITION,
  LICENSE_EXPIRED: status.FAILED_PRECONDITION,
  LICENSE_SUSPENDED: status.PERMISSION_DENIED,
  LICENSE_REVOKED: status.PERMISSION_DENIED,
  LICENSE_STATE_CONFLICT: status.FAILED_PRECONDITION,
  NO_SEATS: status.RESOURCE_EXHAUSTED,
  RECOVERING: status.UNAVAILABLE,
  LEASE_EXPIRED: status.FAILED_PRECONDITION,
  LEASE_RELEASED: status.FAILED_PRECONDITION,
  LEASE_ID_TAKEN: status.ABORTED,
  LEASE_TOKEN_INVALID: status.UNAUTHENTICATED,
  RATE_LIMITED: status.RESOURCE_EXHAUSTED,
  OVERLOADED: status.UNAVAILABLE,
  DRAINING: status.UNAVAILABLE,
  DEPENDENCY_UNAVAILABLE: status.UNAVAILABLE,
  DEADLINE_EXCEEDED: status.DEADLINE_EXCEEDED,
  CANCELLED: status.CANCELLED,
  INTERNAL: status.INTERNAL,
  HOLDER_EXCLUDED: status.PERMISSION_DENIED,
  FEATURE_NOT_LICENSED: status.FAILED_PRECONDITION,
  LEASE_REVOKED: status.FAILED_PRECONDITION,
  POOL_DRAINED: status.UNAVAILABLE,
  BORROW_REFUSED: status.FAILED_PRECONDITION,
  CUSTOMER_CLOSED: status.FAILED_PRECONDITION,
  CUSTOMER_IN_USE: status.FAILED_PRECONDITION,
  FEATURE_IN_USE: status.FAILED_PRECONDITION,
  EDITION_RETIRED: status.FAILED_PRECONDITION,
  KEY_NOT_KEPT: status.FAILED_PRECONDITION,
  STATE_CONFLICT: status.FAILED_PRECONDITION,
  INVITATION_REFUSED: status.PERMISSION_DENIED,
  LAST_IDENTITY: status.FAILED_PRECONDITION,
  LIMIT_REACHED: status.FAILED_PRECONDITION,
  INSTALLATION_LIMIT: status.FAILED_PRECONDITION,
  VERSION_NOT_COVERED: status.FAILED_PRECONDITION,
  VIRTUAL_MACHINE_REFUSED: status.FAILED_PRECONDITION,
  PLACE_REFUSED: status.FAILED_PRECONDITION,
  CHALLENGE_REFUSED: status.UNAUTHENTICATED,
  INSTALLATION_CONFLICT: status.FAILED_PRECONDITION,
  FINGERPRINT_MISMATCH: status.FAILED_PRECONDITION,
  INSTALLATION_DISABLED: status.PERMISSION_DENIED,
  INSTALLATION_ENDED: status.FAILED_PRECONDITION,
  TRANSFER_LIMIT: status.FAILED_PRECONDITION,
  RESOURCE_LIMIT: status.FAILED_PRECONDITION,
  RESOURCE_NOT_LICENSED: status.FAILED_PRECONDITION,
  USER_NOT_NAMED: status.PERMISSION_DENIED,
  OFFLINE_FILE_REFUSED: status.INVALID_ARGUMENT,
  OFFLINE_FILE_USED: status.FAILED_PRECONDITION,
  SITE_REFUSED: status.FAILED_PRECONDITION,
  MESSAGE_TOO_LARGE: status.RESOURCE_EXHAUSTED,
  SERVER_UNTRUSTED: status.UNAVAILABLE,
  EMAIL_NOT_VERIFIED: status.FAILED_PRECONDITION,
} as const satisfies Record<ErrorReason, status>;

/** More violations, or longer texts, would not fit into the headers that clients accept. */
const MOST_VIOLATIONS = 32;
/** Room for 500 code points: the advice on product keys of a retired generation. */
const LONGEST_VALUE = 1_000;

/** Tells a client's transport not to repeat the call by itself. */
const NO_RETRY = "-1";

/**
 * The status that tells a caller of a problem, with its details.
 * @param leftMs how long the caller still waits, in milliseconds. A repetition that would come
 *   later is left to the application: the transport would only wait, and report its deadline.
 */
export function problemStatus(
  problem: Problem,
  leftMs: number = Number.POSITIVE_INFINITY,
): StatusObject {
  const code = STATUS_OF_REASON[problem.reason];
  const message = statusText(withoutSecrets(problem.message));
  const details = [errorInfo(problem), ...badRequest(problem), ...retryInfo(problem)];
  const metadata = new Metadata();
  metadata.set(
    "grpc-status-details-bin",
    Buffer.from(encodeMessage(RpcStatus, { code, message, details })),
  );
  if (problem.retryAfterMs !== undefined) {
    const waitMs = Math.max(0, Math.ceil(problem.retryAfterMs));
    metadata.set("grpc-retry-pushback-ms", waitMs < leftMs ? String(waitMs) : NO_RETRY);
  }
  return { code, details: message, metadata };
}

function errorInfo({ reason, metadata }: Problem): Any {
  const capped = Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      sensitivityOf(name) === "SECRET"
        ? "[secret]"
        : withoutSecrets(value).slice(0, LONGEST_VALUE).toWellFormed(),
    ]),
  );
  const info = { reason, domain: "leasehold", metadata: capped };
  return any("google.rpc.ErrorInfo", encodeMessage(ErrorInfo, info));
}

function badRequest({ violations }: Problem): readonly Any[] {
  if (violations.length === 0) return [];
  const fieldViolations = violations.slice(0, MOST_VIOLATIONS).map(({ field, description }) => ({
    field: statusText(field),
    description: statusText(withoutSecrets(description)),
    reason: "",
    localizedMessage: undefined,
  }));
  return [any("google.rpc.BadRequest", encodeMessage(BadRequest, { fieldViolations }))];
}

function retryInfo({ retryAfterMs }: Problem): readonly Any[] {
  if (retryAfterMs === undefined) return [];
  const retryDelay = durationFromMs(Math.max(0, Math.ceil(retryAfterMs)));
  return [any("google.rpc.RetryInfo", encodeMessage(RetryInfo, { retryDelay }))];
}

function any(type: string, value: Uint8Array): Any {
  return { typeUrl: `type.googleapis.com/${type}`, value: Buffer.from(value) };
}
