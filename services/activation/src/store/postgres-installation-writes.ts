import { first, one, run, type Transaction } from "@leasehold/store-kit";
import type { InstallationWrites, NewState } from "../use-cases/installation-ports.ts";
import { fingerprintParameters, installationOf, machineOf } from "./installation-rows.ts";
import * as statements from "./installation-statements.ts";
import { lockFeed } from "./statements.ts";

/** How often installations of a license may be moved, by its further terms in bytes. */
export type ReadTransferLimit = (passedTerms: Uint8Array) => number;

/** What is written of installations, on a transaction. */
export function installationWrites(
  tx: Transaction,
  transferLimit: ReadTransferLimit,
): InstallationWrites {
  return {
    ...writesOfOne(tx),
    enter: async ({ id, license, product, publicKey, host, createTime, fingerprint }) => {
      const [salt, digests] = fingerprintParameters(fingerprint);
      const at = new Date(createTime);
      const values = [id, license, product, publicKey, host, at, salt, digests, ""] as const;
      const row = await one(tx, statements.enrollInstallation, values);
      return row.id === id ? installationOf(row) : undefined;
    },
    append: async (id, { kind, party, subject, why, time }) => {
      const values = [id, kind, party, subject, why, new Date(time)] as const;
      await run(tx, statements.appendInstallationChange, values);
    },
    lockFeed: async () => {
      await one(tx, lockFeed, []);
    },
    transfers: async (license) => {
      const { transfers, passed_terms: terms } = await one(tx, statements.countTransfers, [
        license,
      ]);
      return { made: Number(transfers), limit: terms === null ? 0 : transferLimit(terms) };
    },
    tellBrokers: async (license, now) => {
      const { revision } = await one(tx, lockFeed, []);
      const bumped = await first(tx, statements.bumpEntitlement, [license, revision + 1n, now]);
      if (bumped) await one(tx, statements.advanceFeedHead, [bumped.feed_revision]);
    },
  };
}

function writesOfOne(
  tx: Transaction,
): Pick<InstallationWrites, "lock" | "rename" | "changeState" | "refresh"> {
  return {
    lock: async (id) => {
      const row = await first(tx, statements.lockMachine, [id]);
      return row && machineOf(row);
    },
    rename: async (id, displayName) =>
      installationOf(await one(tx, statements.renameInstallation, [id, displayName])),
    changeState: async (id, to) =>
      installationOf(
        await one(tx, statements.changeInstallationState, [
          id,
          to.state,
          new Date(to.time),
          to.party,
          to.why,
          barredUntil(to),
          to.forgiven,
          to.successor ?? null,
        ]),
      ),
    refresh: async (id, { counter, requestId, time, host, applicationVersion, ...told }) =>
      installationOf(
        await one(tx, statements.refreshInstallation, [
          id,
          counter,
          requestId,
          new Date(time),
          host,
          applicationVersion,
          told.evidence === undefined ? null : Buffer.from(told.evidence, "base64"),
          ...fingerprintParameters(told.fingerprint),
        ]),
      ),
  };
}

function barredUntil({ barredUntil: until }: NewState): Date | "infinity" | null {
  if (until === undefined) return null;
  return until === "forever" ? "infinity" : new Date(until);
}
