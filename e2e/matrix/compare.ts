import type { Expectation } from "./expectation.ts";
import type { Observation } from "./observation.ts";

/** What keeps a call from getting past authorisation. */
const REFUSED: ReadonlySet<string> = new Set([
  "UNAUTHENTICATED",
  "PERMISSION_DENIED",
  "UNIMPLEMENTED",
]);

/**
 * What is surprising about a call; `undefined` if it went as expected.
 * @param absent what became of the same call about what is not there, where that is to be known
 */
export function surpriseOf(
  expected: Expectation,
  seen: Observation,
  absent?: Observation,
): string | undefined {
  const told = `expected ${expected}, was ${seen.outcome}`;
  if (expected === "past") return REFUSED.has(seen.outcome) ? told : undefined;
  if (expected === "found")
    return REFUSED.has(seen.outcome) || seen.outcome === "NOT_FOUND" ? told : undefined;
  if (expected !== "absent") return seen.outcome === expected ? undefined : told;
  if (seen.outcome !== "NOT_FOUND") return told;
  if (!absent) return `${told}, and nothing to compare it with`;
  return seen.bytes === absent.bytes
    ? undefined
    : `${told}, but ${seen.bytes} is not ${absent.bytes}`;
}
