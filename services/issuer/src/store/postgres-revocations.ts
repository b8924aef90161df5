import { one, run } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { RevocationReads, RevocationWrites } from "../use-cases/revocation-ports.ts";
import * as statements from "./revocation-statements.ts";

export function revocationReads(executor: Executor): RevocationReads {
  return {
    readRevocations: async (now, most) => {
      const values = [new Date(now), most] as const;
      const row = await one(executor, statements.readRevocations, values);
      const installations = row.installations.map(({ id, at }) => ({ id, revokedAt: at }));
      return { version: Number(row.version), licenses: row.licenses, installations };
    },
  };
}

export function revocationWrites(tx: Executor): RevocationWrites {
  return {
    revokeInstallation: async (installation, now, until) => {
      const id = installation.slice(installation.lastIndexOf("/") + 1);
      await run(tx, statements.revokeInstallation, [id, new Date(now), new Date(until)]);
    },
  };
}
