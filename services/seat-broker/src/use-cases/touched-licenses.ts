import type { Uuid } from "@leasehold/kernel";
import type { DenialRecorder } from "./usage-ports.ts";
import type { LendingSeatStore } from "./borrow-ports.ts";

/** The licenses whose ledgers may have entries, as far as this process knows. */
export interface TouchedLicenses {
  touch(license: Uuid): void;
  /** All of them, which are then forgotten. */
  take(): readonly Uuid[];
}

export function touchedLicenses(): TouchedLicenses {
  let touched = new Set<Uuid>();
  return {
    touch: (license) => void touched.add(license),
    take: () => {
      const licenses = [...touched];
      touched = new Set();
      return licenses;
    },
  };
}

/**
 * The same store, which also tells whose ledger may have got entries. Told when the call is over,
 * or they could be looked for before they are there; a failed call may have written some as well.
 */
export function tellingTouched(
  seats: LendingSeatStore,
  touched: TouchedLicenses,
): LendingSeatStore {
  const telling = <T>(license: Uuid, call: Promise<T>): Promise<T> =>
    call.finally(() => touched.touch(license));
  return {
    ...seats,
    acquire: (request, decided) => telling(request.license, seats.acquire(request, decided)),
    wait: (request, decided) => telling(request.license, seats.wait(request, decided)),
    readmit: (license, returners) => telling(license, seats.readmit(license, returners)),
    release: (license, id, installation, forgotten) =>
      telling(license, seats.release(license, id, installation, forgotten)),
    reap: (license, from) => telling(license, seats.reap(license, from)),
    borrow: (request, term) => telling(request.license, seats.borrow(request, term)),
    revoke: (license, id, immediate) => telling(license, seats.revoke(license, id, immediate)),
    restore: (license, read) => telling(license, seats.restore(license, read)),
    setUp: (setUp) => telling(setUp.start.pool.license, seats.setUp(setUp)),
  };
}

/** The same for denials. */
export function tellingDenials(denials: DenialRecorder, touched: TouchedLicenses): DenialRecorder {
  return {
    recordDenial: (license, id, denied) =>
      denials.recordDenial(license, id, denied).finally(() => touched.touch(license)),
  };
}
