import { one, type Postgres, transaction } from "@leasehold/store-kit";
import type { InstallationLives } from "../use-cases/installation-ports.ts";
import type { ProvenEndings } from "../use-cases/offline-ports.ts";
import { keepOfflineResponse } from "./offline-statements.ts";
import { installationWrites, type ReadTransferLimit } from "./postgres-installation-writes.ts";
import { findAnswer, spendOfflineRequest } from "./postgres-offline-requests.ts";

/** Ends installations by proofs in Postgres: the file first, then the installation, then the feed. */
export function postgresProvenEndings(
  postgres: Postgres,
  { findMachine, flag }: Pick<InstallationLives, "findMachine" | "flag">,
  transferLimit: ReadTransferLimit,
): ProvenEndings {
  return {
    findMachine,
    flag,
    once: (file, work) =>
      transaction(postgres, async (tx) => {
        await spendOfflineRequest(tx, file);
        const before = await findAnswer(tx, file);
        if (before !== undefined) return { kind: "repeated", installation: before.installation };
        const { id: installation } = await work(installationWrites(tx, transferLimit));
        const { publicKey, id, digest, expireTime } = file;
        const answer = [installation, "", new Date(expireTime)] as const;
        await one(tx, keepOfflineResponse, [publicKey, id, digest, ...answer]);
        return { kind: "first", installation };
      }),
  };
}
