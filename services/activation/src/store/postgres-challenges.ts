import { createHash } from "node:crypto";
import { type Executor, first, run, type Transaction } from "@leasehold/store-kit";
import type { Challenge } from "../domain/challenge.ts";
import { challengeRefused } from "../domain/challenge-problems.ts";
import type { UsedChallenges } from "../use-cases/challenge-ports.ts";
import type { RequestIdentity } from "../use-cases/ports.ts";
import { forgetChallenges, useChallenge } from "./unlock-statements.ts";

const AT_A_TIME = 1_000;

/**
 * Uses a challenge that was proven, in the transaction of the change that it is for: of any number of
 * requests exactly one gets it, whichever replica they ask. The same request may have it again, to
 * finish what broke off.
 * @throws Problem CHALLENGE_REFUSED if another request used it
 */
export async function spendChallenge(
  tx: Transaction,
  { id, expireTime }: Challenge,
  request: RequestIdentity,
): Promise<void> {
  const used = await first(tx, useChallenge, [id, digestOf(request), new Date(expireTime)]);
  if (used === undefined) throw challengeRefused();
}

/** The challenges in Postgres that were used. */
export function postgresUsedChallenges(executor: Executor): UsedChallenges {
  return {
    forget: async (endedBefore) => {
      const gone = await run(executor, forgetChallenges, [new Date(endedBefore), AT_A_TIME]);
      return gone.length;
    },
  };
}

function digestOf({ requestId, method, body }: RequestIdentity): Uint8Array {
  return createHash("sha256").update(`${requestId}\0${method}\0`).update(body).digest();
}
