import { type Executor, first } from "@leasehold/store-kit";
import type { Installation } from "../domain/installation.ts";
import type { Installations } from "../use-cases/ports.ts";
import { findInstallation, type InstallationRow } from "./statements.ts";

/** Installations in Postgres. */
export function postgresInstallations(executor: Executor): Installations {
  return {
    find: async (id) => {
      const row = await first(executor, findInstallation, [id]);
      return row && installationOf(row);
    },
  };
}

/** The installation that a row tells of. */
export function installationOf({ create_time, ...row }: InstallationRow): Installation {
  return { ...row, createTime: create_time.getTime() };
}
