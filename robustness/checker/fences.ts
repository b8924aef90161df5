import type { History, Holding } from "./history.ts";

/** Grants that bear a smaller fence than one that was known before they were asked for. */
export function fallenFences(holdings: readonly Holding[]): readonly string[] {
  const byGrant = [...holdings].sort((a, b) => a.from - b.from);
  const byAsking = [...holdings].sort((a, b) => a.askedAt - b.askedAt);
  const failures: string[] = [];
  let highest = -1n;
  let known = 0;
  for (const asked of byAsking) {
    for (; known < byGrant.length; known += 1) {
      const granted = byGrant[known];
      if (!granted || granted.from >= asked.askedAt) break;
      if (granted.fence > highest) highest = granted.fence;
    }
    if (asked.fence <= highest)
      failures.push(`${asked.agent} got fence ${asked.fence} when ${highest} was known`);
  }
  const fences = new Set(holdings.map(({ fence }) => fence));
  if (fences.size < holdings.length) failures.push("two grants bear the same fence");
  return failures;
}

/** Lease ids that were seen with more than one fence. */
export function ambiguousLeases({
  fencesOfLeases,
}: Pick<History, "fencesOfLeases">): readonly string[] {
  return [...fencesOfLeases]
    .filter(([, fences]) => fences.size > 1)
    .map(([lease, fences]) => `lease ${lease} had the fences ${[...fences].join(", ")}`);
}

/** How many times a pool was set up anew, as fences tell: each set-up begins with learning. */
export function learningWindows(holdings: readonly Holding[]): number {
  // A grant of the new epoch shows that learning came to its end.
  return Math.max(0, new Set(holdings.map(({ fence }) => fence >> 32n)).size - 1);
}
