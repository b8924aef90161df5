import type { LicenseTerms } from "./license-facts.ts";

/** What was counted of a feature. Times are in milliseconds since 1970. */
export interface Tally {
  readonly feature: string;
  readonly count: bigint;
  /** Of the report that counts; 0 before the first. */
  readonly sequence: bigint;
  readonly updateTime: number;
}

/** A tally beside the limit that it is held to. */
export interface FeatureCount extends Omit<Tally, "updateTime"> {
  /** Absent before anything was counted. */
  readonly updateTime?: number;
  /** Absent: any number. */
  readonly limit: bigint | undefined;
  readonly remaining: bigint | undefined;
}

/** A tally by the limit of a license; nothing was counted if there is no tally. */
export function featureCount(
  feature: string,
  tally: Tally | undefined,
  limit: bigint | undefined,
): FeatureCount {
  const { count, sequence } = tally ?? { count: 0n, sequence: 0n };
  return {
    feature,
    count,
    sequence,
    ...(tally && { updateTime: tally.updateTime }),
    limit,
    remaining: limit === undefined ? undefined : room(limit, count),
  };
}

/** Everything that was counted, and every feature of the terms that has a limit, by feature. */
export function featureCounts(
  tallies: readonly Tally[],
  terms: Pick<LicenseTerms, "features"> | undefined,
): readonly FeatureCount[] {
  const limits = new Map(terms?.features.map(({ feature, limit }) => [feature, limit]));
  const limited = [...limits].flatMap(([feature, limit]) => (limit === undefined ? [] : [feature]));
  const known = new Map(tallies.map((tally) => [tally.feature, tally]));
  return [...new Set([...known.keys(), ...limited])]
    .sort()
    .map((feature) => featureCount(feature, known.get(feature), limits.get(feature)));
}

/** Reports may tell of more than the limit. */
function room(limit: bigint, count: bigint): bigint {
  return count >= limit ? 0n : limit - count;
}
