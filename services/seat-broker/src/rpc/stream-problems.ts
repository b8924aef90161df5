import { Problem } from "@leasehold/kernel";
import { invalidRequest } from "@leasehold/service-kit";
import { MOST_HEARTBEATS } from "./parse.ts";

/** A message of a stream carries more heartbeats than one may. */
export function tooManyHeartbeats(): Problem {
  const description = `must have at most ${MOST_HEARTBEATS} items`;
  return invalidRequest([{ field: "heartbeats", description }]);
}

/** A client sends on without waiting for answers. */
export function tooManyMessages(): Problem {
  return new Problem("RATE_LIMITED", {
    message: "too many messages of the stream are unanswered",
    retryAfterMs: 1_000,
  });
}

/** A stream met a defect of the server's. */
export function streamDefect(cause: unknown): Problem {
  return new Problem("INTERNAL", { message: "internal error", cause });
}
