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

/** How far the version of a client may differ from its server's. */
export type VersionTolerance = "ANY" | "SAME_MAJOR" | "SAME_MINOR";

/** The version that a program tells of itself: an optional `v`, numbers, and whatever follows them. */
const TOLD = /^v?(\d{1,6}(?:\.\d{1,6}){0,2})(?:\.\d+)*(?:[-+ ].*)?$/is;

/**
 * The version in what a program tells of itself, for example `4.2.0` in `v4.2.0-rc.1+7f3a`; what
 * distinguishes builds of one version is left out. `undefined` if it tells none.
 */
export function readVersion(text: string): string | undefined {
  const told = TOLD.exec(text.trim())?.[1];
  return told?.split(".").map(Number).join(".");
}

/**
 * How a client's version stands to its server's: as near as is tolerated, or older or newer than that.
 * @param client, server `major[.minor[.patch]]`; a part that is left out is 0
 */
export function compareToServer(
  client: string,
  server: string,
  tolerance: VersionTolerance,
): "tolerated" | "older" | "newer" {
  const compared = { ANY: 0, SAME_MAJOR: 1, SAME_MINOR: 2 }[tolerance];
  const [left, right] = [partsOf(client, 0), partsOf(server, 0)];
  for (const [index, part] of left.slice(0, compared).entries()) {
    const other = right[index] ?? 0;
    if (part !== other) return part < other ? "older" : "newer";
  }
  return "tolerated";
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
