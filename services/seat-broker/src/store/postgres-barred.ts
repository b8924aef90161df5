import type { Uuid } from "@leasehold/kernel";
import { type Executor, run, statement } from "@leasehold/store-kit";
import type { BarredStore } from "../use-cases/barred-installations.ts";

interface BarredRow {
  readonly license: Uuid;
  readonly barred: readonly Uuid[];
  readonly barred_revision: bigint;
}

const sql = (file: string) => new URL(`../../sql/${file}`, import.meta.url);

const keepBarred = statement<
  never,
  readonly [license: Uuid, installations: readonly Uuid[], revision: bigint]
>(sql("keep_barred.sql"));
const listBarred = statement<BarredRow>(sql("list_barred.sql"));

/** Barred installations in Postgres, beside the pools of their licenses. */
export function postgresBarred(executor: Executor): BarredStore {
  return {
    keep: async ({ license, installations, revision }) => {
      // Most licenses never have one.
      if (revision > 0n) await run(executor, keepBarred, [license, installations, revision]);
    },
    all: async () => {
      const rows = await run(executor, listBarred, []);
      return rows.map(({ license, barred: installations, barred_revision: revision }) => ({
        license,
        installations,
        revision,
      }));
    },
  };
}
