import type { Clock } from "@leasehold/kernel";
import { DENIAL_WINDOW_MS, QUARTER_HOUR_MS } from "../domain/usage-spans.ts";
import type { Pause } from "./ports.ts";
import type { LedgerStream, UsageEvents, UsageStore } from "./usage-ports.ts";

export interface KeepUsagePorts {
  readonly usage: UsageStore;
  readonly stream: LedgerStream;
  readonly events: UsageEvents;
  readonly clock: Pick<Clock, "now">;
  readonly pause: Pause;
}

/** How long the ledger's rows are kept, in milliseconds. */
export interface UsageKept {
  readonly sessions: number;
  readonly rollups: number;
}

const EVERY_MS = 60_000;
/** Entries are in Postgres within this time as a rule; later ones are counted anew. */
const LAG_MS = 60_000;
const CHUNK = 500;

/**
 * Looks after what is in Postgres until the signal fires: ends sessions that were lost, counts
 * usage, deletes what is old. Every broker does; a row that one is at work on is left to it.
 */
export async function keepUsage(
  ports: KeepUsagePorts,
  kept: UsageKept,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await ports.pause(EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      await keepUsageOnce(ports, kept, signal);
    } catch (error) {
      if (!signal.aborted) ports.events.usageNotKept(error);
    }
  }
}

/** One round: works off what there is, in small transactions. */
export async function keepUsageOnce(
  ports: KeepUsagePorts,
  kept: UsageKept,
  signal: AbortSignal,
): Promise<void> {
  const { usage, clock } = ports;
  const now = clock.now();
  await whileWork(signal, () => settleUncertain(ports));
  await whileWork(signal, async () => (await usage.loseSessions(now - LAG_MS)) > 0);
  const until = now - DENIAL_WINDOW_MS - LAG_MS;
  await whileWork(signal, () => usage.rollUp(until - (until % QUARTER_HOUR_MS)));
  const before = { sessions: now - kept.sessions, rollups: now - kept.rollups };
  await whileWork(signal, async () => (await usage.prune(before)) > 0);
}

async function whileWork(signal: AbortSignal, work: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted && (await work()));
}

/** Where entries were dropped, ends may be among them: Redis tells which leases there still are. */
async function settleUncertain({ usage, stream, clock }: KeepUsagePorts): Promise<boolean> {
  const ledger = await usage.uncertain();
  if (!ledger) return false;
  const { license, open } = ledger;
  const lost = [];
  for (let from = 0; from < open.length; from += CHUNK)
    lost.push(...(await stream.missing(license, open.slice(from, from + CHUNK))));
  await usage.settle(license, lost, clock.now());
  return true;
}
