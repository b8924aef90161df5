/** Milliseconds of the host's monotonic clock, the same in every process of the host. */
export function hostNow(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
