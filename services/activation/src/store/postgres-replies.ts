import { type Postgres, recallReply, replyOnce, transaction } from "@leasehold/store-kit";
import type { Replies } from "../use-cases/ports.ts";

/** The replies of requests in Postgres. */
export function postgresReplies(postgres: Postgres): Replies {
  return {
    find: (request) => recallReply(postgres, request),
    keep: async (request, reply) => {
      const stands = await transaction(postgres, (tx) =>
        replyOnce(tx, request, () => Promise.resolve(reply)),
      );
      return stands.reply;
    },
  };
}
