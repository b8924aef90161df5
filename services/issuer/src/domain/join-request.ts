import type { Uuid } from "@leasehold/kernel";

/** What became of a request to join. */
export type JoinRequestState = "OPEN" | "APPROVED" | "DECLINED";

/** Which request is meant. One at another customer's is none. */
export interface JoinRequestRef {
  readonly customerId: Uuid;
  readonly id: Uuid;
}

/** That a person would like to join a customer. */
export interface JoinRequest extends JoinRequestRef {
  readonly accountId: Uuid;
  /** Who asks, as their account has it. */
  readonly displayName: string;
  readonly email: string;
  readonly state: JoinRequestState;
  /** Milliseconds since 1970. */
  readonly createTime: number;
}

/** How a request is decided. */
export type JoinDecision = Exclude<JoinRequestState, "OPEN">;

/** What came of a decision. */
export type JoinOutcome =
  | { readonly kind: "decided"; readonly joinRequest: JoinRequest }
  | { readonly kind: "state-conflict"; readonly state: JoinRequestState };

/** The request as decided. It is decided once. */
export function decideJoinRequest(joinRequest: JoinRequest, decision: JoinDecision): JoinOutcome {
  const { state } = joinRequest;
  if (state !== "OPEN") return { kind: "state-conflict", state };
  return { kind: "decided", joinRequest: { ...joinRequest, state: decision } };
}
