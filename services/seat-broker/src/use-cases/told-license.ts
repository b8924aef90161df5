import type { Drain, Pool, PoolInForce } from "../domain/pool.ts";

/** What somebody was told of a license. */
export interface ToldLicense {
  /**
   * Takes in what is known now.
   * @returns the license to be told, if it is newer than what was told before
   */
  learn(known: { readonly pool?: Pool; readonly drain?: Drain }): PoolInForce | undefined;
}

/**
 * Terms and drain become known each by itself, in any order and more than once; they are told
 * together, once both are known, and never go back.
 */
export function toldLicense(): ToldLicense {
  let pool: Pool | undefined;
  let drain: Drain | undefined;
  return {
    learn: (known) => {
      const newerPool = newer(known.pool, pool);
      const newerDrain = newer(known.drain, drain);
      pool = newerPool ?? pool;
      drain = newerDrain ?? drain;
      if (!newerPool && !newerDrain) return undefined;
      return pool && drain && { ...pool, drain };
    },
  };
}

function newer<Known extends { readonly revision: bigint }>(
  known: Known | undefined,
  told: Known | undefined,
): Known | undefined {
  return known && (!told || known.revision > told.revision) ? known : undefined;
}
