import type { Uuid } from "@leasehold/kernel";
import type { Pool } from "../domain/pool.ts";

/** Told of a license as it is now. */
export type LicenseWatcher = (pool: Pool) => void;

/** Who wants to hear of which license, within this process. */
export interface LicenseWatchers {
  /** @returns ends the watch */
  watch(license: Uuid, watcher: LicenseWatcher): () => void;
  tell(pool: Pool): void;
}

export function licenseWatchers(): LicenseWatchers {
  const byLicense = new Map<Uuid, Set<LicenseWatcher>>();
  return {
    watch: (license, watcher) => {
      const watchers = byLicense.get(license) ?? new Set();
      byLicense.set(license, watchers.add(watcher));
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && byLicense.get(license) === watchers) byLicense.delete(license);
      };
    },
    tell: (pool) => {
      for (const watcher of byLicense.get(pool.license) ?? []) watcher(pool);
    },
  };
}
