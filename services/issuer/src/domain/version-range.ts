/** Versions of a product, both ends included; an end that is absent is open. */
export interface VersionRange {
  /** `major[.minor[.patch]]`; a part that is left out is 0. */
  readonly oldest?: string;
  /** `major[.minor[.patch]]`; a part that is left out is whatever it may be: `4` covers `4.2.0`. */
  readonly newest?: string;
}

const VERSION = /^(?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){0,2}$/;

/** Whether a text is a version: up to three numbers below 1,000,000, without leading zeros. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Whether a range has versions: its oldest one is not newer than its newest. */
export function hasVersions({ oldest, newest }: VersionRange): boolean {
  if (oldest === undefined || newest === undefined) return true;
  const [low, high] = [partsOf(oldest, 0), partsOf(newest, Number.POSITIVE_INFINITY)];
  return compare(low, high) <= 0;
}

/** Whether a version is within a range. @param version `major[.minor[.patch]]` */
export function covers({ oldest, newest }: VersionRange, version: string): boolean {
  const parts = partsOf(version, 0);
  if (oldest !== undefined && compare(parts, partsOf(oldest, 0)) < 0) return false;
  return newest === undefined || compare(parts, partsOf(newest, Number.POSITIVE_INFINITY)) <= 0;
}

type Parts = readonly [major: number, minor: number, patch: number];

function partsOf(version: string, absent: number): Parts {
  const [major = absent, minor = absent, patch = absent] = version.split(".").map(Number);
  return [major, minor, patch];
}

function compare(left: Parts, right: Parts): number {
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? 0;
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
