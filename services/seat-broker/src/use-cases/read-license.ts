import { isProblem, type Uuid } from "@leasehold/kernel";
import { poolOfName, type PoolInForce } from "../domain/pool.ts";
import { licenseNotFound } from "../domain/seat-problems.ts";
import type { SeatStore } from "./ports.ts";
import type { PoolStore } from "./pool-ports.ts";

export interface LicensePorts {
  readonly seats: Pick<SeatStore, "readTerms">;
  readonly pools: Pick<PoolStore, "read">;
}

/**
 * A license as it is in force: by Redis, or by Postgres where Redis does not have it.
 * @throws Problem NOT_FOUND if there is no such license; DEPENDENCY_UNAVAILABLE
 */
export async function readLicense(ports: LicensePorts, license: Uuid): Promise<PoolInForce> {
  const inForce = await ports.seats.readTerms(license).catch((error: unknown) => {
    if (!isProblem(error, "DEPENDENCY_UNAVAILABLE")) throw error;
    return undefined;
  });
  const pool = inForce ?? (await ports.pools.read(license));
  if (!pool) throw licenseNotFound();
  return pool;
}

/**
 * As `readLicense`, by the name of the license, or of a resource.
 * @throws Problem NOT_FOUND if there is no license of this name; DEPENDENCY_UNAVAILABLE
 */
export async function readNamedLicense(ports: LicensePorts, name: string): Promise<PoolInForce> {
  const license = poolOfName(name);
  if (license === undefined) throw licenseNotFound();
  const pool = await readLicense(ports, license);
  if (pool.name !== name) throw licenseNotFound();
  return pool;
}
