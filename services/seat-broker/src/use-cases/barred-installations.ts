import type { Uuid } from "@leasehold/kernel";
import { installationDisabled } from "../domain/seat-problems.ts";

/** The installations of a license that get no seats. */
export interface BarredList {
  readonly license: Uuid;
  readonly installations: readonly Uuid[];
  /** Of two lists of a license the one with the greater number is the newer; 0: there never was one. */
  readonly revision: bigint;
}

/** The same as it outlives the process, in Postgres. */
export interface BarredStore {
  /** Keeps a list unless one as new is kept already. */
  keep(list: BarredList): Promise<void>;
  /** The lists of all licenses that ever had one. */
  all(): Promise<readonly BarredList[]>;
}

/**
 * Who gets no seats although its certificate is valid. It is few, so each broker has it in mind: a
 * heartbeat costs no more for it than a look.
 */
export interface BarredInstallations {
  has(license: Uuid, installation: Uuid): boolean;
  /** Lets through whoever is not. @throws Problem INSTALLATION_DISABLED */
  admit<Asker extends { readonly license: Uuid; readonly installation: Uuid }>(asker: Asker): Asker;
  /** Takes a list in unless one as new is known. @returns whether it was taken in */
  learn(list: BarredList): boolean;
}

export function barredInstallations(): BarredInstallations {
  const revisions = new Map<Uuid, bigint>();
  // Without the licenses that have none, which are almost all.
  const barred = new Map<Uuid, ReadonlySet<Uuid>>();
  const has = (license: Uuid, installation: Uuid) =>
    barred.get(license)?.has(installation) ?? false;
  return {
    has,
    admit: (asker) => {
      if (has(asker.license, asker.installation)) throw installationDisabled();
      return asker;
    },
    learn: ({ license, installations, revision }) => {
      if (revision <= (revisions.get(license) ?? 0n)) return false;
      revisions.set(license, revision);
      if (installations.length === 0) barred.delete(license);
      else barred.set(license, new Set(installations));
      return true;
    },
  };
}
