import {
  type Postgres,
  pruneReplies,
  recallReply,
  replyOnce,
  transaction,
} from "@leasehold/store-kit";
import type { OldReplies, Replies } from "../use-cases/ports.ts";

/** The replies of requests in Postgres. */
export function postgresReplies(postgres: Postgres): Replies & OldReplies {
  return {
    find: (request) => recallReply(postgres, request),
    keep: async (request, reply) => {
      const stands = await transaction(postgres, (tx) =>
        replyOnce(tx, request, () => Promise.resolve(reply)),
      );
      return stands.reply;
    },
    prune: (limit) => pruneReplies(postgres, limit),
  };
}
