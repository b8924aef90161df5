import { status } from "@grpc/grpc-js";
import {
  deadlineExceeded,
  internalFault,
  malformedMessage,
  messageTooLarge,
} from "./call-problems.ts";
import type { CallStatus } from "./guarded-call.ts";
import { problemStatus } from "./problem-status.ts";
import { statusText } from "./status-text.ts";

/** What the transport's own codes mean here, where it is not what they say. */
const MEANING: Readonly<Partial<Record<status, () => CallStatus>>> = {
  [status.DEADLINE_EXCEEDED]: () => problemStatus(deadlineExceeded()),
  // A broken header, or a body that does not decompress: the caller's fault.
  [status.INTERNAL]: () => problemStatus(malformedMessage(undefined)),
  [status.UNKNOWN]: () => problemStatus(internalFault(undefined)),
  [status.RESOURCE_EXHAUSTED]: () => problemStatus(messageTooLarge()),
  [status.UNIMPLEMENTED]: () => told(status.UNIMPLEMENTED, "the call does not fit the method"),
};

/**
 * What to say instead of a status that the transport made by itself: it may quote the
 * caller, blame the server for what the caller sent, and gives no reason.
 */
function foreignStatus({ code }: CallStatus): CallStatus {
  return MEANING[code]?.() ?? told(code, status[code].toLowerCase().replaceAll("_", " "));
}

function told(code: status, details: string): CallStatus {
  return { code, details };
}

/** A status as it may leave the server: one of a problem as it is, any other one reworded. */
export function cleanStatus(ended: CallStatus): CallStatus {
  if (ended.code === status.OK) return { ...ended, details: "" };
  const explained = ended.metadata?.get("grpc-status-details-bin").length === 1;
  return explained ? { ...ended, details: statusText(ended.details) } : foreignStatus(ended);
}
