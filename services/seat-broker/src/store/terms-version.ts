import type { TermsVersion } from "../domain/pool.ts";

/**
 * A version of terms as the scripts have it: the revision of the license, of its naming and of its product,
 * with `.` between them, without the zeros at the end.
 */
export function packVersion(version: TermsVersion): string {
  const { revision, namingRevision = 0n, productRevision = 0n } = version;
  if (productRevision !== 0n) return `${revision}.${namingRevision}.${productRevision}`;
  return namingRevision === 0n ? String(revision) : `${revision}.${namingRevision}`;
}

/** The revision of the license in a version as the scripts have it. */
export function revisionIn(version: string): bigint {
  return BigInt(version.split(".")[0] ?? "");
}
