import type { ClusterStores } from "@leasehold/dev-cluster/parts";
import { openPostgres } from "@leasehold/store-kit";
import { KINDS } from "../version/version.ts";

/** How many migrations the databases of all services have seen. */
export async function countMigrations({ databaseUrls }: ClusterStores): Promise<number> {
  const counts = await Promise.all(KINDS.map((kind) => countOf(databaseUrls[kind])));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function countOf(url: string): Promise<number> {
  await using postgres = openPostgres({
    url,
    poolSize: 1,
    statementTimeoutMs: 5_000,
    applicationName: "drill",
  });
  const text = "select count(*)::int as count from schema_migration";
  const [row] = await postgres.query<{ readonly count: number }>({ text });
  return row?.count ?? 0;
}
