/** A time that begins and ends. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** A stretch of time with so many spans at once. */
export interface Stretch extends Span {
  readonly live: number;
  /** Whether a span begins with it. */
  readonly begins: boolean;
}

interface Edge {
  readonly at: number;
  readonly by: 1 | -1;
}

/** The stretches between all edges, in their order. What ends at an instant ends before others begin. */
export function stretchesOf(spans: readonly Span[]): readonly Stretch[] {
  const edges = spans
    .filter(({ from, until }) => until > from)
    .flatMap(({ from, until }): Edge[] => [
      { at: from, by: 1 },
      { at: until, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  const stretches: Stretch[] = [];
  let live = 0;
  for (const [index, { at, by }] of edges.entries()) {
    live += by;
    const until = edges[index + 1]?.at ?? at;
    if (until > at) stretches.push({ from: at, until, live, begins: by === 1 });
  }
  return stretches;
}

/** For how much of a time there was at least one of the spans. */
export function covered(spans: readonly Span[], within: Span): number {
  const clipped = spans.map(({ from, until }) => ({
    from: Math.max(from, within.from),
    until: Math.min(until, within.until),
  }));
  return stretchesOf(clipped)
    .filter(({ live }) => live > 0)
    .reduce((sum, { from, until }) => sum + until - from, 0);
}

/** Whether two spans have a time in common. */
export function meet(one: Span, other: Span): boolean {
  return one.from < other.until && other.from < one.until;
}

/** As a run tells it. */
export function told(start: number, at: number): string {
  return `${((at - start) / 1_000).toFixed(2)} s`;
}
