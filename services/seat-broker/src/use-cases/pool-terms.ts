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
  /** Those that are being read, each with the newest that was learned meanwhile. */
  const reading = new Map<Uuid, Set<{ learned?: Pool }>>();

  async function refresh(license: Uuid): Promise<Pool> {
    const read: { learned?: Pool } = {};
    const readers = reading.get(license) ?? new Set();
    reading.set(license, readers.add(read));
    try {
      const told = await readLicense(ports, license);
      const pool = read.learned && isNewer(read.learned, told) ? read.learned : told;
      known.set(license, pool);
      return pool;
    } finally {
      readers.delete(read);
      if (readers.size === 0) reading.delete(license);
    }
  }

  return {
    of: async (license) => known.get(license) ?? (await refresh(license)),
    refresh,
    learn: (pool) => {
      const former = known.get(pool.license);
      if (former && isNewer(pool, former)) known.set(pool.license, pool);
      for (const read of reading.get(pool.license) ?? []) read.learned = pool;
    },
  };
}
