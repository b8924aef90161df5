import { type Executor, first, run } from "@leasehold/store-kit";
import type { TrustStore } from "../use-cases/ports.ts";
import { findTrust, keepTrust } from "./statements.ts";

/** The newest trust bundle in Postgres. */
export function postgresTrust(executor: Executor): TrustStore {
  return {
    find: () => first(executor, findTrust, []),
    keep: async ({ version, token }) => {
      await run(executor, keepTrust, [version, token]);
    },
  };
}
