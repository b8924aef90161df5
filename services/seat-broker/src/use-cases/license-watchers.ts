import type { Uuid } from "@leasehold/kernel";
import type { Drain, Pool } from "../domain/pool.ts";

/** What happened to a license. */
export type LicenseNews =
  | { readonly kind: "license-changed"; readonly pool: Pool }
  | { readonly kind: "drain-changed"; readonly drain: Drain }
  /** Other installations of it are barred than before. */
  | { readonly kind: "barred-changed" }
  | {
      readonly kind: "seat-revoked";
      /** The lease as Redis knows it. */
      readonly member: string;
      /** Whose it is; absent if that was not known. */
      readonly installation: Uuid | undefined;
      readonly reason: string;
    };

export type LicenseWatcher = (news: LicenseNews) => void;

/** Who wants to hear of which license, within this process. */
export interface LicenseWatchers {
  /** @returns ends the watch */
  watch(license: Uuid, watcher: LicenseWatcher): () => void;
  tell(license: Uuid, news: LicenseNews): void;
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
    tell: (license, news) => {
      for (const watcher of byLicense.get(license) ?? []) watcher(news);
    },
  };
}
