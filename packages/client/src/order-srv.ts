import type { SrvRecord } from "node:dns";

/**
 * SRV records in the order in which to try them (RFC 2782): lower priorities at the front, and
 * among equals each in front as often as its weight has it.
 * @param chance 0 to 1, evenly, 1 excluded
 */
export function orderSrv(
  records: readonly SrvRecord[],
  chance: () => number,
): readonly SrvRecord[] {
  const byPriority = Map.groupBy(records, ({ priority }) => priority);
  return [...byPriority.keys()]
    .toSorted((one, other) => one - other)
    .flatMap((priority) => shuffle(byPriority.get(priority) ?? [], chance));
}

function shuffle(records: readonly SrvRecord[], chance: () => number): readonly SrvRecord[] {
  const left = [...records];
  const ordered: SrvRecord[] = [];
  while (left.length > 0) ordered.push(...left.splice(pick(left, chance()), 1));
  return ordered;
}

/** The index of the record that a throw of the dice falls on. */
function pick(records: readonly SrvRecord[], thrown: number): number {
  const total = records.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return Math.floor(thrown * records.length);
  let sum = 0;
  return records.findIndex(({ weight }) => (sum += weight) > thrown * total);
}
