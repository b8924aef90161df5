import { one, type Postgres, type Transaction, transaction } from "@leasehold/store-kit";
import { installationDisabled, installationEnded } from "../domain/installation-problems.ts";
import { UNCOUNTED } from "../domain/unlock-conditions.ts";
import type { Enrolled, Enrolments, Spent } from "../use-cases/unlock-ports.ts";
import { fingerprintParameters, installationOf } from "./installation-rows.ts";
import { enrollInstallation } from "./installation-statements.ts";
import { spendOfflineRequest } from "./postgres-offline-requests.ts";
import { spendChallenge } from "./postgres-challenges.ts";
import { countInstallations, keepMachine, lockInstallations } from "./unlock-statements.ts";

/** Enters installations in Postgres, each in one transaction. */
export function postgresEnrolments(postgres: Postgres): Enrolments {
  return {
    enroll: (enrolment, admit) =>
      transaction(postgres, async (tx) => {
        const { id, license, product, publicKey, host, createTime, fingerprint } =
          enrolment.installation;
        // The license first, then what is spent: in this order everywhere, so that nobody waits in a ring.
        if (enrolment.isCounted) await one(tx, lockInstallations, [license]);
        await spend(tx, enrolment.spends);
        admit(enrolment.isCounted ? await count(tx, license, publicKey) : NOT_COUNTED);
        const machine = fingerprintParameters(fingerprint);
        const values = [id, license, product, publicKey, host, new Date(createTime)] as const;
        const { isVirtual, applicationVersion } = enrolment;
        const told = [...machine, applicationVersion] as const;
        const entered = await one(tx, enrollInstallation, [...values, ...told]);
        const installation = installationOf(entered);
        // A product key brings nothing back that somebody has ended or stopped.
        if (installation.state === "DISABLED") throw installationDisabled();
        if (installation.state === "ENDED") throw installationEnded();
        await one(tx, keepMachine, [installation.id, isVirtual]);
        return installation;
      }),
  };
}

function spend(tx: Transaction, spends: Spent): Promise<void> {
  return spends.kind === "challenge"
    ? spendChallenge(tx, spends.challenge, spends.request)
    : spendOfflineRequest(tx, spends.file);
}

const NOT_COUNTED: Enrolled = { others: UNCOUNTED, known: undefined };

async function count(tx: Transaction, license: string, publicKey: Uint8Array): Promise<Enrolled> {
  const counted = await one(tx, countInstallations, [license, publicKey]);
  return {
    others: { installations: counted.installations, virtualMachines: counted.virtual_machines },
    known: counted.known ? { isVirtual: counted.known_virtual } : undefined,
  };
}
