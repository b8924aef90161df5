import type { RevocationList } from "@leasehold/license-format";

/** What is read of revocations. Times are milliseconds since 1970. */
export interface RevocationReads {
  /**
   * Revoked licenses until their end, and revoked installations until their last certificate is
   * over; of each kind at most so many, the latest ones.
   */
  readRevocations(
    now: number,
    most: number,
  ): Promise<Pick<RevocationList, "version" | "licenses" | "installations">>;
}

/** What is written of revocations, in the transaction of a mutation. */
export interface RevocationWrites {
  /**
   * @param installation its name
   * @param until when the last of its certificates is over
   */
  revokeInstallation(installation: string, now: number, until: number): Promise<void>;
}
