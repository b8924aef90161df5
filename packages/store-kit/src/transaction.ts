import type { Brand } from "@leasehold/kernel";
import type { Executor } from "./executor.ts";
import type { Postgres } from "./postgres.ts";
import type { Session } from "./session.ts";

/** A transaction that is open: what runs on it is kept together or not at all. */
export type Transaction = Brand<Executor, "Transaction">;

/**
 * Does the work in one transaction (READ COMMITTED) and commits it; rolls back if the work
 * throws. Never repeated: where the commit's answer is lost, the caller gets
 * DEPENDENCY_UNAVAILABLE and the work may or may not stand, as with any lost reply.
 */
export async function transaction<T>(
  postgres: Postgres,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return postgres.session((session) => within(session, () => work(asTransaction(session))));
}

/**
 * Does the work in one transaction as `transaction` does, and undoes it all: tells whether it could
 * be done. What a commit would check is checked.
 */
export async function tentatively<T>(
  postgres: Postgres,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return postgres.session(async (session) => {
    await session.command("begin");
    try {
      const result = await work(asTransaction(session));
      await session.command("set constraints all immediate");
      return result;
    } finally {
      if (!session.lost) await session.command("rollback");
    }
  });
}

/** Does the work between `begin` and `commit` of a session. */
export async function within<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.command("begin");
  let result: T;
  try {
    result = await work();
  } catch (error) {
    if (!session.lost) await session.command("rollback");
    throw error;
  }
  const tag = await session.command("commit");
  // The server turns the commit of a failed transaction into a rollback, without an error.
  if (tag !== "COMMIT") throw new Error("a statement of the transaction failed, unheeded");
  return result;
}

function asTransaction(session: Executor): Transaction {
  return session as Transaction;
}
