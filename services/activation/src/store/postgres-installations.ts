import { type Executor, first, one } from "@leasehold/store-kit";
import type { Installations } from "../use-cases/ports.ts";
import { fingerprintParameters, installationOf } from "./installation-rows.ts";
import { enrollInstallation, findInstallation } from "./installation-statements.ts";

/** Installations in Postgres. */
export function postgresInstallations(executor: Executor): Installations {
  return {
    enroll: async ({ id, license, product, publicKey, host, createTime, fingerprint }) =>
      installationOf(
        await one(executor, enrollInstallation, [
          id,
          license,
          product,
          publicKey,
          host,
          new Date(createTime),
          ...fingerprintParameters(fingerprint),
        ]),
      ),
    find: async (id) => {
      const row = await first(executor, findInstallation, [id]);
      return row && installationOf(row);
    },
  };
}
