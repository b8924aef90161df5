import { type Executor, first, one } from "@leasehold/store-kit";
import type { Installation } from "../domain/installation.ts";
import type { Installations } from "../use-cases/ports.ts";
import { enrollInstallation, findInstallation, type InstallationRow } from "./statements.ts";

/** Installations in Postgres. */
export function postgresInstallations(executor: Executor): Installations {
  return {
    enroll: async ({ id, license, product, publicKey, host, createTime }) =>
      installationOf(
        await one(executor, enrollInstallation, [
          id,
          license,
          product,
          publicKey,
          host,
          new Date(createTime),
        ]),
      ),
    find: async (id) => {
      const row = await first(executor, findInstallation, [id]);
      return row && installationOf(row);
    },
  };
}

/** What a row tells of an installation. */
export function installationOf({ create_time, ...row }: InstallationRow): Installation {
  return { ...row, createTime: create_time.getTime() };
}
