import type { Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import { type Caller, mayAdminister } from "../domain/caller.ts";
import { customerNotFound } from "../domain/catalogue-problems.ts";
import type { Invitation } from "../domain/invitation.ts";
import type { JoinRequest } from "../domain/join-request.ts";
import type { InvitationField, JoinRequestField } from "../domain/joining-lists.ts";
import { getCustomer } from "./get-resources.ts";
import type { IssuerPorts } from "./ports.ts";

type Store = Pick<IssuerPorts, "store">;

/** A page of what there is at one customer's. */
export interface ListAtCustomer<Name extends string> {
  readonly customerId: Uuid;
  readonly query: ListQuery<Name>;
}

/**
 * A page of a customer's invitations.
 * @throws Problem `NOT_FOUND`, `PERMISSION_DENIED` to accounts that are not its administrators
 */
export async function listInvitations(
  ports: Store,
  caller: Caller,
  { customerId, query }: ListAtCustomer<InvitationField>,
): Promise<Page<Invitation>> {
  await administeredCustomer(ports, caller, customerId);
  return ports.store.listInvitations(customerId, query);
}

/**
 * A page of the requests to join a customer.
 * @throws Problem `NOT_FOUND`, `PERMISSION_DENIED` to accounts that are not its administrators
 */
export async function listJoinRequests(
  ports: Store,
  caller: Caller,
  { customerId, query }: ListAtCustomer<JoinRequestField>,
): Promise<Page<JoinRequest>> {
  await administeredCustomer(ports, caller, customerId);
  return ports.store.listJoinRequests(customerId, query);
}

async function administeredCustomer(ports: Store, caller: Caller, id: Uuid): Promise<void> {
  mayAdminister(caller, id, customerNotFound);
  await getCustomer(ports, caller, id);
}
