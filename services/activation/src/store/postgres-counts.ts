import {
  type Executor,
  first,
  type Postgres,
  replyOnce,
  run,
  transaction,
} from "@leasehold/store-kit";
import type { Tally } from "../domain/feature-count.ts";
import type { CountStore, CountWrites } from "../use-cases/count-features.ts";
import { resourceReads } from "./postgres-resources.ts";
import * as statements from "./resource-statements.ts";

/** Counts in Postgres. */
export function postgresCounts(postgres: Postgres): CountStore {
  return {
    ...countWrites(postgres),
    once: async (request, work) => {
      const { reply } = await transaction(postgres, (tx) =>
        replyOnce(tx, request, () => work(countWrites(tx))),
      );
      return reply;
    },
  };
}

function countWrites(executor: Executor): CountWrites {
  return {
    ...resourceReads(executor),
    report: async ({ id }, { feature, count, sequence, updateTime }) => {
      const values = [id, feature, count, sequence, new Date(updateTime)] as const;
      const row = await first(executor, statements.reportCount, values);
      return row && tallyOf(row);
    },
    claim: async ({ id }, { feature, more, limit, now }) => {
      const values = [id, feature, more, limit ?? null, new Date(now)] as const;
      const row = await first(executor, statements.claimCount, values);
      return row && tallyOf(row);
    },
    list: async ({ id }, feature) => {
      const rows = await run(executor, statements.listCounts, [id, feature ?? null]);
      return rows.map(tallyOf);
    },
  };
}

function tallyOf({ update_time, ...tally }: statements.CountRow): Tally {
  return { ...tally, updateTime: update_time.getTime() };
}
