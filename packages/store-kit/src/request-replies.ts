import { createHash } from "node:crypto";
import { isProblem, type Uuid } from "@leasehold/kernel";
import type { Executor } from "./executor.ts";
import { isTimeout } from "./postgres-errors.ts";
import { first, one, run, statement } from "./statement.ts";
import { requestIdReused, requestInFlight } from "./store-problems.ts";
import type { Transaction } from "./transaction.ts";

/** What tells one request from another. */
export interface RepeatableRequest {
  readonly requestId: Uuid;
  /** The method called, for example `IssueLicense`. */
  readonly method: string;
  /** The request in bytes, the same for the same request. Only its digest is stored. */
  readonly body: Uint8Array;
}

/** The reply of a request, and whether this call carried it out. */
export interface RequestReply {
  readonly kind: "carried-out" | "repeated";
  readonly reply: Buffer;
}

interface StoredReply {
  readonly method: string;
  readonly body_sha256: Buffer;
  /** Null in the row of a claim that is not committed; nobody else sees that one. */
  readonly reply: Buffer | null;
}

const sql = (file: string) => new URL(`../sql/${file}`, import.meta.url);

const claimReply = statement<
  { readonly request_id: Uuid },
  readonly [requestId: Uuid, method: string, bodySha256: Buffer]
>(sql("claim_reply.sql"));
const keepReply = statement<
  { readonly request_id: Uuid },
  readonly [requestId: Uuid, reply: Uint8Array]
>(sql("keep_reply.sql"));
const findReply = statement<StoredReply, readonly [requestId: Uuid]>(sql("find_reply.sql"));
const pruneRows = statement<{ readonly request_id: Uuid }, readonly [limit: number]>(
  sql("prune_replies.sql"),
);

/**
 * Carries a request out at most once, and keeps its reply in the same transaction; a request
 * that was carried out before gets the reply of then. Comes first in the transaction. While
 * another transaction is at work on the same request id this one waits; should that one roll
 * back, it is this one's turn. Needs the table of `ddl/request_reply.sql`.
 * @throws Problem REQUEST_ID_REUSED, or REQUEST_IN_FLIGHT after waiting in vain
 */
export async function replyOnce(
  tx: Transaction,
  request: RepeatableRequest,
  carryOut: () => Promise<Uint8Array>,
): Promise<RequestReply> {
  if (await claim(tx, request)) {
    const reply = await carryOut();
    await one(tx, keepReply, [request.requestId, reply]);
    return { kind: "carried-out", reply: Buffer.from(reply) };
  }
  const reply = await recallReply(tx, request);
  // Pruned between the two statements: it was 72 hours old.
  if (reply === undefined) throw requestInFlight();
  return { kind: "repeated", reply };
}

/**
 * The reply of a request that was carried out; `undefined` if none was with its id.
 * @throws Problem REQUEST_ID_REUSED
 */
export async function recallReply(
  executor: Executor,
  request: RepeatableRequest,
): Promise<Buffer | undefined> {
  const stored = await first(executor, findReply, [request.requestId]);
  if (stored === undefined) return undefined;
  if (stored.method !== request.method || !stored.body_sha256.equals(digest(request)))
    throw requestIdReused();
  if (stored.reply === null) throw new Error("a claim was committed without its reply");
  return stored.reply;
}

/** Deletes replies past their 72 hours, at most `limit`; tells how many. */
export async function pruneReplies(executor: Executor, limit: number): Promise<number> {
  const pruned = await run(executor, pruneRows, [limit]);
  return pruned.length;
}

async function claim(tx: Transaction, request: RepeatableRequest): Promise<boolean> {
  try {
    const claimed = await first(tx, claimReply, [
      request.requestId,
      request.method,
      digest(request),
    ]);
    return claimed !== undefined;
  } catch (error) {
    if (isProblem(error) && isTimeout(error.cause)) throw requestInFlight(error);
    throw error;
  }
}

function digest(request: RepeatableRequest): Buffer {
  return createHash("sha256").update(request.body).digest();
}
