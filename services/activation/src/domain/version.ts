/** Versions, both ends included; an end that is absent is open. */
export interface VersionRange {
  /** `major[.minor[.patch]]`; a part that is left out is 0. */
  readonly oldest?: string;
  /** `major[.minor[.patch]]`; a part that is left out is whatever it may be: `4` covers `4.2.0`. */
  readonly newest?: string;
}

/** How far versions may differ and still go together. */
export type VersionTolerance = "ANY" | "SAME_MAJOR" | "SAME_MINOR";

/** Up to three numbers below 1,000,000, without leading zeros. */
export const VERSION = /^(?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){0,2}$/;

/** Whether a version is within a range. */
export function covers({ oldest, newest }: VersionRange, version: string): boolean {
  const parts = partsOf(version, 0);
  if (oldest !== undefined && compare(parts, partsOf(oldest, 0)) < 0) return false;
  return newest === undefined || compare(parts, partsOf(newest, Number.POSITIVE_INFINITY)) <= 0;
}

/** How many parts have to be the same. */
const SAME_PARTS = {
  ANY: 0,
  SAME_MAJOR: 1,
  SAME_MINOR: 2,
} as const satisfies Record<VersionTolerance, number>;

/** Whether two versions go together. A part that one of them leaves out does not keep them apart. */
export function goTogether(left: string, right: string, tolerance: VersionTolerance): boolean {
  const [one, other] = [left, right].map((each) => each.split(".").slice(0, SAME_PARTS[tolerance]));
  return (one ?? []).every((part, index) => part === (other?.[index] ?? part));
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
