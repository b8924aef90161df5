import { activation } from "@leasehold/contracts";
import type { PageTokens } from "@leasehold/list-query";
import {
  implement,
  type Principal,
  principalId,
  type ServiceBinding,
} from "@leasehold/service-kit";
import type { LicenseCaller } from "../domain/customer-reach.ts";
import type { NamedUser } from "../domain/named-user.ts";
import { assignUser } from "../use-cases/assign-user.ts";
import { listNamedUsers } from "../use-cases/list-named-users.ts";
import type { NamedUserPorts } from "../use-cases/named-user-ports.ts";
import { unassignUser } from "../use-cases/unassign-user.ts";
import { parseListNamedUsers, parsePlace } from "./parse-named-user.ts";

const { AssignUserRequest, AssignUserResponse, UnassignUserRequest, UnassignUserResponse } =
  activation;

/** What the service's methods need. */
export interface NamedUserServicePorts extends Omit<NamedUserPorts, "encode"> {
  readonly pageTokens: PageTokens;
}

/** The methods of `leasehold.activation.v1.NamedUserService`. */
export function namedUserService(ports: NamedUserServicePorts): ServiceBinding {
  return implement(activation.NamedUserServiceDefinition, {
    assignUser: async (request, call) => {
      const place = parsePlace(request, "AssignUser", AssignUserRequest);
      const command = { ...place, caller: callerOf(call.principal) };
      return AssignUserResponse.decode(await assignUser({ ...ports, encode }, command));
    },
    unassignUser: async (request, call) => {
      const place = parsePlace(request, "UnassignUser", UnassignUserRequest);
      const { validateOnly } = request;
      const command = { ...place, validateOnly, caller: callerOf(call.principal) };
      return UnassignUserResponse.decode(await unassignUser({ ...ports, encode }, command));
    },
    listNamedUsers: async (request, call) => {
      const { license, query, nextPageToken } = parseListNamedUsers(request, ports.pageTokens);
      const page = await listNamedUsers(ports.store, callerOf(call.principal), license, query);
      return { namedUsers: page.items.map(present), nextPageToken: nextPageToken(page) };
    },
  });
}

/** The replies of both methods that change something are alike. */
function encode(user: NamedUser): Uint8Array {
  return AssignUserResponse.encode({ namedUser: present(user) }).finish();
}

function present({ license, user, assignTime, assignedBy }: NamedUser): activation.NamedUser {
  return { license, user, assignTime: new Date(assignTime), assignedBy };
}

/** The contract lets nobody else in. */
function callerOf(principal: Principal): LicenseCaller {
  const subject = principalId(principal);
  return principal.kind === "account"
    ? { kind: "account", subject, roles: principal.memberships }
    : { kind: "desk", subject };
}
