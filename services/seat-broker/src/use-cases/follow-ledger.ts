import type { Clock, Uuid } from "@leasehold/kernel";
import type { Pause } from "./ports.ts";
import { takeEntries, type TakeEntriesPorts } from "./take-entries.ts";
import type { TouchedLicenses } from "./touched-licenses.ts";

export interface FollowLedgerPorts extends TakeEntriesPorts {
  readonly touched: TouchedLicenses;
  readonly clock: Pick<Clock, "monotonic">;
  readonly pause: Pause;
}

const EVERY_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** How often to look for entries of brokers that died, or of licenses that were forgotten. */
const SWEEP_EVERY_MS = 300_000;
/** Licenses whose entries are taken over together: what a commit costs is shared by so many. */
const TOGETHER = 20;

/**
 * Takes entries over, of the licenses that this broker touched each second and of all licenses
 * now and then, until the signal fires. While Postgres or Redis is away it tries again.
 */
export async function followLedger(ports: FollowLedgerPorts, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let sweepAt = ports.clock.monotonic();
  while (!signal.aborted) {
    try {
      if (ports.clock.monotonic() >= sweepAt) {
        await sweepLedgers(ports);
        sweepAt = ports.clock.monotonic() + SWEEP_EVERY_MS;
      }
      await takeTouched(ports, signal);
      failures = 0;
    } catch (error) {
      failures = Math.min(failures + 1, 10);
      if (!signal.aborted) ports.events.usageNotTaken(error);
    }
    await ports.pause(Math.min(EVERY_MS * 2 ** failures, LONGEST_PAUSE_MS), signal);
  }
}

/** Touches every license that has entries. */
export async function sweepLedgers({ usage, stream, touched }: FollowLedgerPorts): Promise<void> {
  let after: Uuid | undefined;
  do {
    const licenses = await usage.licenses(after);
    const counts = licenses.length > 0 ? await stream.count(licenses) : [];
    for (const [index, license] of licenses.entries())
      if ((counts[index] ?? 0) > 0) touched.touch(license);
    after = licenses.at(-1);
  } while (after !== undefined);
}

/** Every license is tried; the first failure is told. */
async function takeTouched(ports: FollowLedgerPorts, signal: AbortSignal): Promise<void> {
  const failures: unknown[] = [];
  const licenses = ports.touched.take();
  for (let from = 0; from < licenses.length; from += TOGETHER)
    failures.push(...(await take(ports, licenses.slice(from, from + TOGETHER), signal)));
  if (failures.length > 0) throw failures[0];
}

/**
 * Where several fail together each is tried alone, so that a faulty one holds up no other. Those that are not done
 * are touched again.
 * @returns failures
 */
async function take(
  ports: FollowLedgerPorts,
  licenses: readonly Uuid[],
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const again = (left: readonly Uuid[]) => left.forEach((license) => ports.touched.touch(license));
  try {
    again(signal.aborted ? licenses : await takeEntries(ports, licenses));
    return [];
  } catch (error) {
    if (licenses.length === 1) {
      again(licenses);
      return [error];
    }
    const failures: unknown[] = [];
    for (const license of licenses) failures.push(...(await take(ports, [license], signal)));
    return failures;
  }
}
