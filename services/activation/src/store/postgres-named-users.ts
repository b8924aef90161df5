import {
  type Executor,
  first,
  listRows,
  one,
  type Postgres,
  replyOnce,
  transaction,
} from "@leasehold/store-kit";
import type { NamedUser } from "../domain/named-user.ts";
import type { NamedUserStore, NamedUserWrites } from "../use-cases/named-user-ports.ts";
import * as statements from "./named-user-statements.ts";
import { lockFeed } from "./statements.ts";

/** Named users in Postgres. */
export function postgresNamedUsers(postgres: Postgres): NamedUserStore {
  return {
    ...reads(postgres),
    listNamedUsers: async (license, query) => {
      const { items, next } = await listRows(postgres, statements.listNamedUsers, query, [license]);
      return { items: items.map(namedUser), next };
    },
    once: async (request, work) => {
      const { reply } = await transaction(postgres, (tx) =>
        replyOnce(tx, request, async () => {
          // Whoever changes what a license entitles to holds it: of two who race one is first.
          const { revision } = await one(tx, lockFeed, []);
          return work(writes(tx, revision));
        }),
      );
      return reply;
    },
  };
}

function reads(executor: Executor): Pick<NamedUserWrites, "findNaming" | "findNamedUser"> {
  return {
    findNaming: (license) => first(executor, statements.findNaming, [license]),
    findNamedUser: async (license, user) => {
      const row = await first(executor, statements.findNamedUser, [license, user]);
      return row && namedUser(row);
    },
  };
}

/** @param head where the feed stands; its lock is held */
function writes(tx: Executor, head: bigint): NamedUserWrites {
  let position = head;
  const announce = async (license: string) => {
    position += 1n;
    await one(tx, statements.announceEntitlement, [license, position]);
  };
  return {
    ...reads(tx),
    nameUser: async ({ id, license, user, assignTime, assignedBy }) => {
      const time = new Date(assignTime);
      await one(tx, statements.nameUser, [id, license, user, time, assignedBy]);
      await announce(license);
    },
    unnameUser: async ({ license, user }, { subject, time }) => {
      await one(tx, statements.unnameUser, [license, user, new Date(time), subject]);
      await announce(license);
    },
  };
}

function namedUser(row: statements.NamedUserRow): NamedUser {
  return {
    id: row.id,
    license: row.license,
    user: row.user_name,
    assignTime: row.assign_time.getTime(),
    assignedBy: row.assigned_by,
  };
}
