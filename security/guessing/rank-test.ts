/**
 * How far two samples lie apart, by the ranks of their values: 0 if neither tends to be larger, 1 if every
 * value of one is above every value of the other. Twice the distance from one half of the chance that a value
 * of the first is above one of the second (Mann and Whitney's U over the number of pairs, Cliff's delta).
 */
export function effectSize(first: readonly number[], second: readonly number[]): number {
  let above = 0;
  for (const one of first)
    for (const other of second) above += one > other ? 1 : one === other ? 0.5 : 0;
  const pairs = first.length * second.length;
  return pairs === 0 ? 0 : Math.abs(2 * (above / pairs) - 1);
}
