import type { Uuid } from "@leasehold/kernel";
import { LRUCache } from "lru-cache";
import { isNewer, type Pool, versionOf } from "../domain/pool.ts";
import type { SeatStore } from "./ports.ts";
import type { PoolStore } from "./pool-ports.ts";
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

/** The same, as those see it who follow the changes. */
export interface FollowedTerms extends PoolTerms {
  /** Takes over terms that became known otherwise, of a license whose terms are in mind, or being read. */
  learn(pool: Pool): void;
}

/** Terms that are being read, which may have changed since they left the store. */
interface Reading {
  learned: Pool | undefined;
}

/** So many licenses are kept in mind. */
const MOST = 10_000;

export function poolTerms(ports: {
  readonly seats: Pick<SeatStore, "readTerms">;
  readonly pools: Pick<PoolStore, "read">;
}): FollowedTerms {
  const known = new LRUCache<Uuid, Pool>({ max: MOST });

  const reads = new Map<Uuid, Set<Reading>>();

  function learn(pool: Pool): void {
    for (const reading of reads.get(pool.license) ?? []) reading.learned = pool;
    const before = known.peek(pool.license);
    if (before && !isNewer(versionOf(before), versionOf(pool))) known.set(pool.license, pool);
  }

  async function refresh(license: Uuid): Promise<Pool> {
    const reading: Reading = { learned: undefined };
    const all = reads.get(license) ?? new Set();
    reads.set(license, all.add(reading));
    try {
      const pool = await readLicense(ports, license);
      const { learned } = reading;
      const newest = learned && isNewer(versionOf(learned), versionOf(pool)) ? learned : pool;
      known.set(license, newest);
      return newest;
    } finally {
      all.delete(reading);
      if (all.size === 0) reads.delete(license);
    }
  }

  const of = async (license: Uuid) => known.get(license) ?? (await refresh(license));
  return { of, refresh, learn };
}
