import type { Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
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

/** A page of a customer's invitations. @throws Problem `NOT_FOUND` */
export async function listInvitations(
  ports: Store,
  { customerId, query }: ListAtCustomer<InvitationField>,
): Promise<Page<Invitation>> {
  await getCustomer(ports, customerId);
  return ports.store.listInvitations(customerId, query);
}

/** A page of the requests to join a customer. @throws Problem `NOT_FOUND` */
export async function listJoinRequests(
  ports: Store,
  { customerId, query }: ListAtCustomer<JoinRequestField>,
): Promise<Page<JoinRequest>> {
  await getCustomer(ports, customerId);
  return ports.store.listJoinRequests(customerId, query);
}
