import type { Postgres } from "@leasehold/store-kit";
import { postgresBarred } from "./store/postgres-barred.ts";
import { barredInstallations } from "./use-cases/barred-installations.ts";
import { recallBarred } from "./use-cases/follow-entitlements.ts";
import { licenseWatchers } from "./use-cases/license-watchers.ts";

/** Who gets no seats, as it was known last: before the first client comes, who may be one of them. */
export async function openBarring(postgres: Postgres) {
  const watchers = licenseWatchers();
  const barred = barredInstallations();
  const barredStore = postgresBarred(postgres);
  await recallBarred({ barred, barredStore, watchers });
  return { barred, barredStore, watchers };
}
