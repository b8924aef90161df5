import { status } from "@grpc/grpc-js";
import type { Metadata } from "@grpc/grpc-js";
import { BadRequest, ErrorInfo, msFromDuration, RetryInfo, RpcStatus } from "@leasehold/contracts";
import { serverUntrusted } from "./server-mistrust.ts";
import { ERROR_REASONS, type ErrorReason, Problem, type ProblemOptions } from "@leasehold/kernel";

/** What a call ended with, as the transport reports it. */
export interface CallStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** The `domain` of every `google.rpc.ErrorInfo` of the contract. */
const DOMAIN = "leasehold";

/** What a status means that carries no reason: from the transport, or from another server. */
const REASON_OF_STATUS: Readonly<Partial<Record<number, ErrorReason>>> = {
  [status.CANCELLED]: "CANCELLED",
  [status.INVALID_ARGUMENT]: "INVALID_REQUEST",
  [status.DEADLINE_EXCEEDED]: "DEADLINE_EXCEEDED",
  [status.NOT_FOUND]: "NOT_FOUND",
  [status.ALREADY_EXISTS]: "ALREADY_EXISTS",
  [status.PERMISSION_DENIED]: "PERMISSION_DENIED",
  [status.RESOURCE_EXHAUSTED]: "RATE_LIMITED",
  [status.ABORTED]: "REQUEST_IN_FLIGHT",
  [status.UNAVAILABLE]: "DEPENDENCY_UNAVAILABLE",
  [status.UNAUTHENTICATED]: "UNAUTHENTICATED",
};

/** The problem that a failed call tells of; its cause is the status itself. */
export function problemFromStatus(failure: CallStatus): Problem {
  const told = failure.metadata === undefined ? undefined : detailsOf(failure.metadata);
  const untrusted = told?.reason === undefined ? serverUntrusted(failure) : undefined;
  if (untrusted) return untrusted;
  const reason = told?.reason ?? REASON_OF_STATUS[failure.code] ?? "INTERNAL";
  return new Problem(reason, { message: failure.details, ...told?.options, cause: failure });
}

/** The problem of a call that its own caller gave up. */
export function abandoned(cause: unknown): Problem {
  return new Problem("CANCELLED", { message: "the caller gave up", cause });
}

/** The problem of a call whose channel was closed before it began. */
export function channelClosed(): Problem {
  return new Problem("DEPENDENCY_UNAVAILABLE", { message: "the channel is closed" });
}

interface Told {
  readonly reason: ErrorReason | undefined;
  readonly options: ProblemOptions;
}

function detailsOf(metadata: Metadata): Told | undefined {
  const [encoded] = metadata.get("grpc-status-details-bin");
  if (!(encoded instanceof Uint8Array)) return undefined;
  try {
    return readDetails(RpcStatus.decode(encoded));
  } catch {
    return undefined; // not ours: the status code says what there is to say
  }
}

function readDetails(rpcStatus: RpcStatus): Told {
  let reason: ErrorReason | undefined;
  let options: ProblemOptions = {};
  for (const { typeUrl, value } of rpcStatus.details) {
    switch (typeUrl.slice(typeUrl.lastIndexOf("/") + 1)) {
      case "google.rpc.ErrorInfo": {
        const info = ErrorInfo.decode(value);
        if (info.domain !== DOMAIN) break;
        reason = ERROR_REASONS.find((known) => known === info.reason);
        options = { ...options, metadata: { ...info.metadata } };
        break;
      }
      case "google.rpc.RetryInfo": {
        const { retryDelay } = RetryInfo.decode(value);
        if (retryDelay) options = { ...options, retryAfterMs: msFromDuration(retryDelay) };
        break;
      }
      case "google.rpc.BadRequest": {
        const violations = BadRequest.decode(value).fieldViolations.map(
          ({ field, description }) => ({ field, description }),
        );
        options = { ...options, violations };
        break;
      }
    }
  }
  return { reason, options };
}
