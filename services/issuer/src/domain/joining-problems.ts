import { Problem } from "@leasehold/kernel";
import type { InvitationState } from "./invitation.ts";
import type { JoinRequestState } from "./join-request.ts";

/** There is no such invitation, or not of this customer. */
export function invitationNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such invitation" });
}

/** There is no such request to join, or not at this customer. */
export function joinRequestNotFound(): Problem {
  return new Problem("NOT_FOUND", { message: "there is no such request to join" });
}

/** The secret accepts no invitation; why is not told. */
export function invitationRefused(): Problem {
  return new Problem("INVITATION_REFUSED", { message: "there is no such open invitation" });
}

/** What became of it already stays so. */
export function settledAlready(state: InvitationState | JoinRequestState): Problem {
  return new Problem("STATE_CONFLICT", {
    message: "what became of it already stays so",
    metadata: { state },
  });
}
