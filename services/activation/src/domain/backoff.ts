const FIRST_MS = 200;
const LONGEST_MS = 30_000;

/**
 * How long to wait before another try, in milliseconds: doubles with each failure, and is
 * spread over half of itself, so that replicas that failed together do not return together.
 * @param failures how many tries failed in a row, 1 at least
 * @param random from 0 to 1
 */
export function backoff(failures: number, random: number): number {
  const longest = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  return longest * (1 - random / 2);
}
