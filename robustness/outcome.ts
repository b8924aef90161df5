/** What a part of a run came to. */
export interface Outcome {
  readonly figures: Readonly<Record<string, number>>;
  /** What was promised and not kept, or not put to the test. */
  readonly failures: readonly string[];
}

/** Of parts together: shares are the smallest, `max…` the largest, everything else is summed. */
export function together(outcomes: readonly Outcome[]): Outcome {
  const figures: Record<string, number> = {};
  for (const outcome of outcomes)
    for (const [name, figure] of Object.entries(outcome.figures)) {
      const before = figures[name];
      if (before === undefined) figures[name] = figure;
      else if (name.startsWith("max")) figures[name] = Math.max(before, figure);
      else figures[name] = name.endsWith("Share") ? Math.min(before, figure) : before + figure;
    }
  return { figures, failures: outcomes.flatMap(({ failures }) => failures) };
}

/** The failures of figures that are below their floors. */
export function belowFloors(
  figures: Readonly<Record<string, number>>,
  floors: Readonly<Record<string, number>>,
): readonly string[] {
  return Object.entries(floors).flatMap(([name, floor]) => {
    const figure = figures[name] ?? 0;
    return figure < floor ? [`${name} is ${figure}, less than ${floor}`] : [];
  });
}
