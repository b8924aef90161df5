import { issuer } from "@leasehold/contracts";
import type { PageTokens } from "@leasehold/list-query";
import { implement, parseRequest } from "@leasehold/service-kit";
import type { Handlers, ServiceBinding } from "@leasehold/service-kit";
import type { Account } from "../domain/account.ts";
import { linkIdentity, unlinkIdentity } from "../use-cases/change-identities.ts";
import { removeMembership, setMembership } from "../use-cases/change-memberships.ts";
import { createAccount } from "../use-cases/create-account.ts";
import { createInvitation } from "../use-cases/create-invitation.ts";
import { approveJoinRequest, declineJoinRequest } from "../use-cases/decide-join-request.ts";
import { findAccount, getAccount } from "../use-cases/get-account.ts";
import { listAccounts } from "../use-cases/list-accounts.ts";
import { listInvitations, listJoinRequests } from "../use-cases/list-joining.ts";
import type { Mutation } from "../use-cases/mutation.ts";
import type { IssuerPorts } from "../use-cases/ports.ts";
import { requestToJoin } from "../use-cases/request-to-join.ts";
import { acceptInvitation, withdrawInvitation } from "../use-cases/settle-invitation.ts";
import { callerOf } from "./caller-of.ts";
import { mutating } from "./mutating.ts";
import * as accounts from "./parse-account.ts";
import * as joining from "./parse-joining.ts";
import * as present from "./present-account.ts";

const { methods } = issuer.AccountServiceDefinition;

type AllHandlers = Handlers<typeof issuer.AccountServiceDefinition>;

/** Everything that the use-cases of the service work with. */
export interface AccountServicePorts extends IssuerPorts {
  readonly pageTokens: PageTokens;
}

/** Who acts for customers: from the wire to the use-cases and back. */
export function accountService(ports: AccountServicePorts): ServiceBinding {
  return implement(issuer.AccountServiceDefinition, {
    ...accountHandlers(ports),
    ...invitationHandlers(ports),
    ...joinRequestHandlers(ports),
    ...listHandlers(ports),
  });
}

/** What carries a mutation out of which an account comes. */
function accountOf<Command>(
  ports: IssuerPorts,
  carryOut: (ports: IssuerPorts, mutation: Mutation, command: Command) => Promise<Account>,
): (mutation: Mutation, command: Command) => Promise<{ account: issuer.Account }> {
  return async (mutation, command) => ({
    account: present.presentAccountTo(mutation.caller, await carryOut(ports, mutation, command)),
  });
}

function accountHandlers(
  ports: IssuerPorts,
): Pick<
  AllHandlers,
  | "createAccount"
  | "getAccount"
  | "findAccount"
  | "linkIdentity"
  | "unlinkIdentity"
  | "setMembership"
  | "removeMembership"
> {
  return {
    createAccount: mutating(
      methods.createAccount,
      accounts.readCreateAccount,
      accountOf(ports, createAccount),
    ),
    getAccount: async (request) => {
      const id = parseRequest((check) => accounts.readGetAccount(check, request));
      return { account: present.presentAccount(await getAccount(ports, id)) };
    },
    findAccount: async (request) => {
      const identity = parseRequest((check) => accounts.readFindAccount(check, request));
      return { account: present.presentAccount(await findAccount(ports, identity)) };
    },
    linkIdentity: mutating(
      methods.linkIdentity,
      accounts.readChangeIdentity,
      accountOf(ports, linkIdentity),
    ),
    unlinkIdentity: mutating(
      methods.unlinkIdentity,
      accounts.readChangeIdentity,
      accountOf(ports, unlinkIdentity),
    ),
    setMembership: mutating(
      methods.setMembership,
      accounts.readSetMembership,
      accountOf(ports, setMembership),
    ),
    removeMembership: mutating(
      methods.removeMembership,
      accounts.readMembership,
      accountOf(ports, removeMembership),
    ),
  };
}

function invitationHandlers(
  ports: IssuerPorts,
): Pick<AllHandlers, "createInvitation" | "acceptInvitation" | "withdrawInvitation"> {
  return {
    createInvitation: mutating(
      methods.createInvitation,
      joining.readCreateInvitation,
      async (mutation, command) =>
        present.presentCreatedInvitation(await createInvitation(ports, mutation, command)),
    ),
    acceptInvitation: mutating(
      methods.acceptInvitation,
      joining.readAcceptInvitation,
      accountOf(ports, acceptInvitation),
    ),
    withdrawInvitation: mutating(
      methods.withdrawInvitation,
      joining.readWithdrawInvitation,
      async (mutation, ref) => ({
        invitation: present.presentInvitation(await withdrawInvitation(ports, mutation, ref)),
      }),
    ),
  };
}

function joinRequestHandlers(
  ports: IssuerPorts,
): Pick<AllHandlers, "requestToJoin" | "approveJoinRequest" | "declineJoinRequest"> {
  return {
    requestToJoin: mutating(
      methods.requestToJoin,
      joining.readRequestToJoin,
      async (mutation, command) => {
        await requestToJoin(ports, mutation, command);
        return {};
      },
    ),
    approveJoinRequest: mutating(
      methods.approveJoinRequest,
      joining.readApproveJoinRequest,
      async (mutation, command) => ({
        joinRequest: present.presentJoinRequest(await approveJoinRequest(ports, mutation, command)),
      }),
    ),
    declineJoinRequest: mutating(
      methods.declineJoinRequest,
      joining.readJoinRequest,
      async (mutation, ref) => ({
        joinRequest: present.presentJoinRequest(await declineJoinRequest(ports, mutation, ref)),
      }),
    ),
  };
}

function listHandlers(
  ports: AccountServicePorts,
): Pick<AllHandlers, "listAccounts" | "listInvitations" | "listJoinRequests"> {
  const { pageTokens } = ports;
  return {
    listAccounts: async (request) => {
      const { query, nextPageToken } = parseRequest((check) =>
        accounts.readListAccounts(check, request, pageTokens),
      );
      const page = await listAccounts(ports, query);
      const told = page.items.map(present.presentAccount);
      return { accounts: told, nextPageToken: nextPageToken(page) };
    },
    listInvitations: async (request, call) => {
      const { nextPageToken, ...wanted } = parseRequest((check) =>
        joining.readListInvitations(check, request, pageTokens),
      );
      const page = await listInvitations(ports, callerOf(call.principal), wanted);
      const invitations = page.items.map(present.presentInvitation);
      return { invitations, nextPageToken: nextPageToken(page) };
    },
    listJoinRequests: async (request, call) => {
      const { nextPageToken, ...wanted } = parseRequest((check) =>
        joining.readListJoinRequests(check, request, pageTokens),
      );
      const page = await listJoinRequests(ports, callerOf(call.principal), wanted);
      const joinRequests = page.items.map(present.presentJoinRequest);
      return { joinRequests, nextPageToken: nextPageToken(page) };
    },
  };
}
