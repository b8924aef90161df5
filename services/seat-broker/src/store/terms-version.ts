import type { TermsVersion } from "../domain/pool.ts";

/** A version of terms as the scripts have it: the revision, with `.` and the one of its naming if there is one. */
export function packVersion({ revision, namingRevision = 0n }: TermsVersion): string {
  return namingRevision === 0n ? String(revision) : `${revision}.${namingRevision}`;
}

/** The revision of the license in a version as the scripts have it. */
export function revisionIn(version: string): bigint {
  return BigInt(version.split(".")[0] ?? "");
}
