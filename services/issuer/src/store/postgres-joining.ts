import { first, listRows, run } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { JoiningReads, JoiningWrites } from "../use-cases/joining-ports.ts";
import { invitationFromRow, joinRequestFromRow } from "./joining-rows.ts";
import * as statements from "./joining-statements.ts";

export function joiningReads(executor: Executor): JoiningReads {
  return {
    listInvitations: async (customer, query) => {
      const { listInvitations } = statements;
      const { items, next } = await listRows(executor, listInvitations, query, [customer]);
      return { items: items.map(invitationFromRow), next };
    },
    listJoinRequests: async (customer, query) => {
      const { listJoinRequests } = statements;
      const { items, next } = await listRows(executor, listJoinRequests, query, [customer]);
      return { items: items.map(joinRequestFromRow), next };
    },
  };
}

export function joiningWrites(tx: Executor): JoiningWrites {
  return { ...invitationWrites(tx), ...joinRequestWrites(tx) };
}

function invitationWrites(
  tx: Executor,
): Pick<
  JoiningWrites,
  "insertInvitation" | "lockInvitation" | "lockInvitationBySecret" | "settleInvitation"
> {
  return {
    insertInvitation: async (invitation, digest) => {
      await run(tx, statements.insertInvitation, [
        invitation.id,
        invitation.customerId,
        invitation.email,
        invitation.role,
        digest,
        new Date(invitation.createTime),
        new Date(invitation.expireTime),
      ]);
    },
    lockInvitation: async ({ id, customerId }) => {
      const row = await first(tx, statements.lockInvitation, [id, customerId]);
      return row && invitationFromRow(row);
    },
    lockInvitationBySecret: async (digest) => {
      const row = await first(tx, statements.lockInvitationBySecret, [digest]);
      return row && invitationFromRow(row);
    },
    settleInvitation: async ({ id, state }, acceptedBy) => {
      await run(tx, statements.settleInvitation, [id, state, acceptedBy ?? null]);
    },
  };
}

function joinRequestWrites(
  tx: Executor,
): Pick<JoiningWrites, "insertJoinRequest" | "lockJoinRequest" | "settleJoinRequest"> {
  return {
    insertJoinRequest: async ({ id, customerId, accountId, createTime }) => {
      const values = [id, customerId, accountId, new Date(createTime)] as const;
      return (await first(tx, statements.insertJoinRequest, values)) !== undefined;
    },
    lockJoinRequest: async ({ id, customerId }) => {
      const row = await first(tx, statements.lockJoinRequest, [id, customerId]);
      return row && joinRequestFromRow(row);
    },
    settleJoinRequest: async ({ id, state }) => {
      await run(tx, statements.settleJoinRequest, [id, state]);
    },
  };
}
