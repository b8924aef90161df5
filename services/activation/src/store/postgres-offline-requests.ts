import { type Executor, first, type Postgres, run, type Transaction } from "@leasehold/store-kit";
import { offlineFileUsed } from "../domain/offline-problems.ts";
import type {
  KeyedInstallations,
  OfflineAnswer,
  OfflineRequestIdentity,
  OfflineRequests,
} from "../use-cases/offline-ports.ts";
import {
  claimOfflineRequest,
  findKeyedInstallation,
  findOfflineRequest,
  keepOfflineResponse,
  type OfflineRequestRow,
  pruneOfflineRequests,
} from "./offline-statements.ts";
import { machineOf } from "./installation-rows.ts";

/** How many are forgotten at a time. */
const PRUNED_AT_ONCE = 100;

/** The request files that were used, in Postgres. */
export function postgresOfflineRequests(postgres: Postgres): OfflineRequests {
  return {
    find: (request) => findAnswer(postgres, request),
    keep: async (request, answer) => {
      const { publicKey, id, digest, expireTime } = request;
      const kept = await first(postgres, keepOfflineResponse, [
        publicKey,
        id,
        digest,
        answer.installation,
        answer.responseFile,
        new Date(expireTime),
      ]);
      if (kept !== undefined) return { kind: "first", answer };
      const stands = await findAnswer(postgres, request);
      // Pruned between the two statements: it would be refused by now.
      return { kind: "repeated", answer: stands ?? answer };
    },
    prune: async (now) => {
      await run(postgres, pruneOfflineRequests, [new Date(now), PRUNED_AT_ONCE]);
    },
  };
}

/** What a request file got. @throws Problem OFFLINE_FILE_USED if the id is another one's */
export async function findAnswer(
  executor: Executor,
  request: OfflineRequestIdentity,
): Promise<OfflineAnswer | undefined> {
  return answerOf(await findUsed(executor, request));
}

/**
 * Enters a request file as used, in the transaction of what it asks for; the same one may be
 * entered again.
 * @throws Problem OFFLINE_FILE_USED if another request has the id
 */
export async function spendOfflineRequest(
  tx: Transaction,
  request: OfflineRequestIdentity,
): Promise<void> {
  const { publicKey, id, digest, expireTime } = request;
  const values = [publicKey, id, digest, new Date(expireTime)] as const;
  const claimed = await first(tx, claimOfflineRequest, values);
  if (claimed === undefined) await findUsed(tx, request);
}

/** Installations in Postgres, found by their key. */
export function postgresKeyedInstallations(executor: Executor): KeyedInstallations {
  return {
    findKeyed: async (id, publicKey) => {
      const row = await first(executor, findKeyedInstallation, [id, publicKey]);
      return row && machineOf(row);
    },
  };
}

/** @throws Problem OFFLINE_FILE_USED if another request has the id */
async function findUsed(
  executor: Executor,
  { publicKey, id, digest }: OfflineRequestIdentity,
): Promise<OfflineRequestRow | undefined> {
  const row = await first(executor, findOfflineRequest, [publicKey, id]);
  if (row !== undefined && !row.request_sha256.equals(digest)) throw offlineFileUsed();
  return row;
}

function answerOf(row: OfflineRequestRow | undefined): OfflineAnswer | undefined {
  if (!row || row.installation_id === null || row.response_file === null) return undefined;
  return { installation: row.installation_id, responseFile: row.response_file };
}
