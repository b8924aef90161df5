import { isProblem, type Uuid } from "@leasehold/kernel";
import type { Pool } from "../domain/pool.ts";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type { PoolStore, SeatStore } from "./ports.ts";

/**
 * A license as it is in force: by Redis, or by Postgres where Redis does not have it.
 * @throws Problem NOT_FOUND if there is no such license; DEPENDENCY_UNAVAILABLE
 */
export async function readLicense(
  ports: { readonly seats: Pick<SeatStore, "readTerms">; readonly pools: Pick<PoolStore, "read"> },
  license: Uuid,
): Promise<Pool> {
  const inForce = await ports.seats.readTerms(license).catch((error: unknown) => {
    if (!isProblem(error, "DEPENDENCY_UNAVAILABLE")) throw error;
    return undefined;
  });
  const pool = inForce ?? (await ports.pools.read(license));
  if (!pool) throw licenseNotFound();
  return pool;
}
