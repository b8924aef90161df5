import type { BarredInstallations, BarredStore } from "./barred-installations.ts";
import type { LicenseWatchers } from "./license-watchers.ts";
import type { BrokerEvents, Pause, SeatStore } from "./ports.ts";
import type { EntitlementFeed, FeedStep, FeedStore } from "./feed-ports.ts";
import type { PoolStore } from "./pool-ports.ts";
import type { TakeBackUnnamed } from "./take-back-unnamed.ts";
import type { FollowedTerms } from "./pool-terms.ts";
import type { TrustKeeper } from "./trust-keeper.ts";

export interface FollowEntitlementsPorts {
  readonly source: EntitlementFeed;
  readonly feed: FeedStore;
  readonly pools: PoolStore;
  readonly seats: SeatStore;
  readonly takeBackUnnamed: TakeBackUnnamed;
  readonly terms: Pick<FollowedTerms, "learn">;
  readonly trust: TrustKeeper;
  readonly barred: BarredInstallations;
  readonly barredStore: BarredStore;
  readonly watchers: LicenseWatchers;
  readonly events: BrokerEvents;
  readonly pause: Pause;
  /** A number from 0 to 1, for jitter. */
  readonly chance: () => number;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Follows what licenses entitle to, until the signal fires. Every replica does: who comes
 * second finds the work done. When activation, Postgres or Redis is away it tries again
 * from the last position that was dealt with, and the broker goes on by what it has.
 */
export async function followEntitlements(
  ports: FollowEntitlementsPorts,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const position = await ports.feed.position();
      // Another broker may have dealt with steps that this one was too far away to hear of.
      await recallBarred(ports);
      for await (const step of ports.source.watch(position, signal)) {
        await takeStep(ports, step);
        failures = 0;
      }
    } catch (error) {
      if (!signal.aborted) ports.events.feedInterrupted(error);
    }
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
    failures = Math.min(failures + 1, 10);
    await ports.pause(longest * (0.5 + ports.chance() / 2), signal);
  }
}

/** Takes in which installations are barred, as far as any broker has heard of it. */
export async function recallBarred({
  barred,
  barredStore,
  watchers,
}: Pick<FollowEntitlementsPorts, "barred" | "barredStore" | "watchers">): Promise<void> {
  for (const list of await barredStore.all())
    if (barred.learn(list)) watchers.tell(list.license, { kind: "barred-changed" });
}

/**
 * The order matters: what is in Postgres is what a pool is set up by, what is in Redis
 * decides, and the position is passed only when both hold.
 */
async function takeStep(ports: FollowEntitlementsPorts, step: FeedStep): Promise<void> {
  const { change } = step;
  if (change.kind === "trust-bundle") await ports.trust.accept(change.bundle);
  if (change.kind === "pool") {
    await ports.pools.keep(change.pool);
    if (change.barred) await ports.barredStore.keep(change.barred);
    await ports.seats.applyTerms(change.pool);
    ports.terms.learn(change.pool);
    await ports.takeBackUnnamed(change.pool);
    ports.watchers.tell(change.pool.license, { kind: "license-changed", pool: change.pool });
    if (change.barred && ports.barred.learn(change.barred))
      ports.watchers.tell(change.pool.license, { kind: "barred-changed" });
    ports.events.entitlementApplied(change.pool);
  }
  await ports.feed.advance(step.position);
}
