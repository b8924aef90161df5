import type { License, LicenseRef } from "./license.ts";
import type { Licensee } from "@leasehold/license-format";

/** Whose a license becomes. */
export interface Transfer {
  /** The license to be. */
  readonly to: LicenseRef;
  /** Whom it is made out to from then on; absent for whom it is made out to now. */
  readonly licensee?: Licensee | undefined;
}

/** Both sides of a transfer. */
export interface Transferred {
  /** The license as it ends: revoked for good. */
  readonly former: License;
  /** The license that begins: the same terms, and suspended if the former one was. */
  readonly latter: License;
}

/** What a transfer at `now` makes of a license that is not revoked. */
export function transfer(license: License, { to, licensee }: Transfer, now: number): Transferred {
  const { customerId, id } = license;
  return {
    former: {
      ...license,
      revision: license.revision + 1n,
      state: "REVOKED",
      updateTime: now,
      transferredTo: to,
    },
    latter: {
      ...license,
      ...to,
      licensee: licensee ?? license.licensee,
      revision: 1n,
      createTime: now,
      updateTime: now,
      transferredFrom: { customerId, id },
    },
  };
}
