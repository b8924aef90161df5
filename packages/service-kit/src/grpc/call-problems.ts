import { Problem } from "@leasehold/kernel";

/** How long callers should stay away from a server with too much to do, in milliseconds: at least, and by chance more. */
const OVERLOAD_PAUSE_MS = 1_000;
const OVERLOAD_SPREAD_MS = 2_000;
/** Whoever is refused for calling too often comes back later by chance, up to this. */
const RATE_SPREAD_MS = 500;

/** The server carries out as many calls as it can bear. */
export function overloaded(): Problem {
  return new Problem("OVERLOADED", {
    message: "the server has too much to do",
    // Or all who were refused at once would be back at once.
    retryAfterMs: OVERLOAD_PAUSE_MS + Math.random() * OVERLOAD_SPREAD_MS,
  });
}

/** The network has called methods of this kind too often; there is room for the call after so long. */
export function calledTooOften(waitMs: number): Problem {
  return new Problem("RATE_LIMITED", {
    message: "too many calls from this network",
    retryAfterMs: waitMs + Math.random() * RATE_SPREAD_MS,
  });
}

/** The caller reads its stream more slowly than it fills. */
export function readsTooSlowly(): Problem {
  return new Problem("OVERLOADED", { message: "the stream is not read fast enough" });
}

/** The server is going away. */
export function draining(): Problem {
  return new Problem("DRAINING", { message: "the server is going away" });
}

/** The method wants credentials, and none that count were sent. */
export function credentialsMissing(): Problem {
  return new Problem("UNAUTHENTICATED", { message: "credentials are required" });
}

/** The principal is known, and may not call the method. */
export function methodDenied(): Problem {
  return new Problem("PERMISSION_DENIED", { message: "the principal may not call this method" });
}

/** The bytes are not a message of the method's request type. */
export function malformedMessage(cause: unknown): Problem {
  return new Problem("MALFORMED_MESSAGE", { message: "the message cannot be decoded", cause });
}

/** The message is larger than the method takes. */
export function messageTooLarge(): Problem {
  return new Problem("MESSAGE_TOO_LARGE", { message: "the message is too large" });
}

/** The message comes in frames that take more memory than what is in them. */
export function framesTooSmall(): Problem {
  return new Problem("MESSAGE_TOO_LARGE", { message: "the message comes in too many frames" });
}

/** The caller has left its stream open and said nothing for longer than any lease lives. */
export function silentTooLong(): Problem {
  return new Problem("DEADLINE_EXCEEDED", { message: "the stream was silent for too long" });
}

/** The call took longer than the method may. */
export function deadlineExceeded(): Problem {
  return new Problem("DEADLINE_EXCEEDED", { message: "the call took longer than its deadline" });
}

/** A defect of the server's. The caller learns only where the log tells more. */
export function internalFault(traceId: string | undefined): Problem {
  return new Problem("INTERNAL", {
    message: "internal error",
    ...(traceId === undefined ? {} : { metadata: { trace_id: traceId } }),
  });
}
