import { type Executor, first } from "@leasehold/store-kit";
import type { Installations } from "../use-cases/ports.ts";
import { installationOf } from "./installation-rows.ts";
import { findInstallation } from "./installation-statements.ts";

/** Installations in Postgres. */
export function postgresInstallations(executor: Executor): Installations {
  return {
    find: async (id) => {
      const row = await first(executor, findInstallation, [id]);
      return row && installationOf(row);
    },
  };
}
