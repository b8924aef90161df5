import type { Uuid } from "@leasehold/kernel";
import { LRUCache } from "lru-cache";
import { isNewer, type Pool } from "../domain/pool.ts";
import type { PoolStore, SeatStore } from "./ports.ts";
import { readLicense } from "./read-license.ts";

/**
 * The terms of licenses as they were read last. Claims are decided by them; the scripts refuse
 * what was decided by terms that are no longer in force.
 */
export interface PoolTerms {
  /** @throws Problem NOT_FOUND if there is no such license; DEPENDENCY_UNAVAILABLE */
  of(license: Uuid): Promise<Pool>;
  /** Reads them again. @throws as `of` */
  refresh(license: Uuid): Promise<Pool>;
}

/** The same, told of what changes. */
export interface ToldPoolTerms extends PoolTerms {
  /** Keeps in mind what is known to be in force, unless something newer is. */
  learn(pool: Pool): void;
}

/** So many licenses are kept in mind. */
const MOST = 10_000;

export function poolTerms(ports: {
  readonly seats: Pick<SeatStore, "readTerms">;
  readonly pools: Pick<PoolStore, "read">;
}): ToldPoolTerms {
  const known = new LRUCache<Uuid, Pool>({ max: MOST });

  function learn(pool: Pool): void {
    const former = known.get(pool.license);
    if (!former || isNewer(pool, former)) known.set(pool.license, pool);
  }

  async function refresh(license: Uuid): Promise<Pool> {
    const pool = await readLicense(ports, license);
    learn(pool);
    return pool;
  }

  return {
    of: async (license) => known.get(license) ?? (await refresh(license)),
    refresh,
    learn: (pool) => known.has(pool.license) && learn(pool),
  };
}
