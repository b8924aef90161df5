import type { Uuid } from "@leasehold/kernel";

/**
 * Tells those who wait in this process that a seat of a license may have become free. A
 * hint: whoever misses it asks by itself a little later.
 */
export interface SeatWakes {
  /** @returns ends the watch */
  watch(license: Uuid, wake: () => void): () => void;
  wake(license: Uuid): void;
}

export function seatWakes(): SeatWakes {
  const byLicense = new Map<Uuid, Set<() => void>>();
  return {
    watch: (license, wake) => {
      const wakes = byLicense.get(license) ?? new Set();
      byLicense.set(license, wakes.add(wake));
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0 && byLicense.get(license) === wakes) byLicense.delete(license);
      };
    },
    wake: (license) => {
      for (const wake of byLicense.get(license) ?? []) wake();
    },
  };
}
