import { first, replyOnce, run, transaction } from "@leasehold/store-kit";
import type { Executor, Postgres } from "@leasehold/store-kit";
import type { IssuerStore, Mutation, Once } from "../use-cases/ports.ts";
import { customerFromRow, productFromRow } from "./catalogue-rows.ts";
import { licenseFromRow } from "./license-rows.ts";
import { decodePlainData, encodePlainData } from "./plain-data.ts";
import { postgresIssuerWrites } from "./postgres-issuer-writes.ts";
import * as statements from "./statements.ts";

/** Customers, products, licenses and product keys in Postgres. */
export function postgresIssuerStore(postgres: Postgres): IssuerStore {
  return {
    ...catalogueReads(postgres),
    once: (mutation, work) =>
      once(postgres, mutation, (tx) =>
        work({ ...catalogueReads(tx), ...postgresIssuerWrites(tx) }),
      ),
    findLicense: async ({ id, customerId }) => {
      const row = await first(postgres, statements.findLicense, [id, customerId]);
      return row && licenseFromRow(row);
    },
    findLicenseByKey: async (macs) => {
      const versions = macs.map(({ pepperVersion }) => pepperVersion);
      const bytes = macs.map(({ mac }) => mac);
      const row = await first(postgres, statements.findLicenseByKey, [versions, bytes]);
      return row && licenseFromRow(row);
    },
    readFeed: async (after, limit) => {
      const rows = await run(postgres, statements.readFeed, [after, limit]);
      const entries = rows.flatMap((row) =>
        row.feed_revision === null
          ? []
          : [{ feedRevision: row.feed_revision, license: licenseFromRow(row) }],
      );
      const head = rows[0]?.head;
      if (head === undefined) throw new Error("the feed has no head");
      return { head, entries };
    },
  };
}

function catalogueReads(executor: Executor): Pick<IssuerStore, "findCustomer" | "findProduct"> {
  return {
    findCustomer: async (id) => {
      const row = await first(executor, statements.findCustomer, [id]);
      return row && customerFromRow(row);
    },
    findProduct: async (id) => {
      const row = await first(executor, statements.findProduct, [id]);
      return row && productFromRow(row);
    },
  };
}

async function once<Result>(
  postgres: Postgres,
  mutation: Mutation,
  work: (tx: Executor) => Promise<Result>,
): Promise<Once<Result>> {
  const { kind, reply } = await transaction(postgres, (tx) =>
    replyOnce(tx, mutation, async () => Buffer.from(encodePlainData(await work(tx)), "utf8")),
  );
  const result = decodePlainData(reply.toString("utf8")) as Result;
  return { kind: kind === "repeated" ? "repeated" : "done", result };
}
