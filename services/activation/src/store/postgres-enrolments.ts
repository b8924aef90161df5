import { one, type Postgres, type Transaction, transaction } from "@leasehold/store-kit";
import { UNCOUNTED } from "../domain/unlock-conditions.ts";
import type { Enrolled, Enrolments } from "../use-cases/unlock-ports.ts";
import { installationOf } from "./postgres-installations.ts";
import { spendChallenge } from "./postgres-challenges.ts";
import { enrollInstallation } from "./statements.ts";
import { countInstallations, keepMachine, lockInstallations } from "./unlock-statements.ts";

/** Enters installations in Postgres, each in one transaction. */
export function postgresEnrolments(postgres: Postgres): Enrolments {
  return {
    enroll: (enrolment, admit) =>
      transaction(postgres, async (tx) => {
        const { id, license, product, publicKey, host, createTime } = enrolment.installation;
        // The license first, then the challenge: in this order everywhere, so that nobody waits in a ring.
        if (enrolment.isCounted) await one(tx, lockInstallations, [license]);
        await spendChallenge(tx, enrolment.challenge, enrolment.request);
        admit(enrolment.isCounted ? await count(tx, license, publicKey) : NOT_COUNTED);
        const values = [id, license, product, publicKey, host, new Date(createTime)] as const;
        const installation = installationOf(await one(tx, enrollInstallation, values));
        const { isVirtual, applicationVersion } = enrolment;
        await one(tx, keepMachine, [installation.id, isVirtual, applicationVersion]);
        return installation;
      }),
  };
}

const NOT_COUNTED: Enrolled = { others: UNCOUNTED, known: undefined };

async function count(tx: Transaction, license: string, publicKey: Uint8Array): Promise<Enrolled> {
  const counted = await one(tx, countInstallations, [license, publicKey]);
  return {
    others: { installations: counted.installations, virtualMachines: counted.virtual_machines },
    known: counted.known ? { isVirtual: counted.known_virtual } : undefined,
  };
}
