import type { CustomerRole } from "../domain/account.ts";
import { joinRequestName } from "../domain/account-names.ts";
import { mayAdminister } from "../domain/caller.ts";
import { decideJoinRequest } from "../domain/join-request.ts";
import type { JoinDecision, JoinRequest, JoinRequestRef } from "../domain/join-request.ts";
import { joinRequestNotFound, settledAlready } from "../domain/joining-problems.ts";
import { carryOut } from "./carry-out.ts";
import type { JoiningWrites } from "./joining-ports.ts";
import type { Mutation } from "./mutation.ts";
import { holdOpenCustomer } from "./open-customer.ts";
import type { IssuerPorts } from "./ports.ts";

/** The request to approve, and what the person will be. */
export interface ApproveJoinRequest {
  readonly ref: JoinRequestRef;
  readonly role: CustomerRole;
}

/**
 * Lets the person of an open request act for the customer.
 * @throws Problem `NOT_FOUND`, `STATE_CONFLICT`, `CUSTOMER_CLOSED`, `PERMISSION_DENIED` to accounts that
 *   are not the customer's administrators
 */
export async function approveJoinRequest(
  ports: IssuerPorts,
  mutation: Mutation,
  { ref, role }: ApproveJoinRequest,
): Promise<JoinRequest> {
  mayAdminister(mutation.caller, ref.customerId, joinRequestNotFound);
  return carryOut(ports, mutation, async (writes) => {
    const decided = await settle(writes, ref, "APPROVED");
    const { customerId, accountId } = decided;
    await holdOpenCustomer(writes, customerId);
    await writes.setMembership(accountId, { customerId, role, createTime: ports.clock.now() });
    return { result: decided, resource: joinRequestName(decided) };
  });
}

/**
 * Does not let the person of an open request in.
 * @throws Problem `NOT_FOUND`, `STATE_CONFLICT`, `PERMISSION_DENIED` to accounts that are not the
 *   customer's administrators
 */
export async function declineJoinRequest(
  ports: IssuerPorts,
  mutation: Mutation,
  ref: JoinRequestRef,
): Promise<JoinRequest> {
  mayAdminister(mutation.caller, ref.customerId, joinRequestNotFound);
  return carryOut(ports, mutation, async (writes) => {
    const decided = await settle(writes, ref, "DECLINED");
    return { result: decided, resource: joinRequestName(decided) };
  });
}

async function settle(
  writes: JoiningWrites,
  ref: JoinRequestRef,
  decision: JoinDecision,
): Promise<JoinRequest> {
  const joinRequest = await writes.lockJoinRequest(ref);
  if (!joinRequest) throw joinRequestNotFound();
  const outcome = decideJoinRequest(joinRequest, decision);
  if (outcome.kind === "state-conflict") throw settledAlready(outcome.state);
  await writes.settleJoinRequest(outcome.joinRequest);
  return outcome.joinRequest;
}
