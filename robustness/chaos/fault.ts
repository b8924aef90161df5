import type { Dice } from "../site/dice.ts";
import { hostNow } from "../site/host-clock.ts";
import type { Outage } from "../site/chronicle.ts";
import type { Site } from "../site/site.ts";
import type { Topology } from "../site/timings.ts";

/** Something that goes wrong. */
export interface Fault {
  /** Two faults that touch the same do not go together. */
  readonly touches: "redis" | "brokers" | "postgres" | "agents" | "desk";
  /** Where it can happen; everywhere unless told. */
  readonly on?: readonly Topology[];
  /** Whether it can happen on this machine; yes unless told. */
  readonly isPossible?: (site: Site) => boolean;
  /** Lets it happen. Resolves when it is over; throws if it could not be carried out. */
  readonly fire: (site: Site, dice: Dice) => Promise<void>;
}

/** How long a service may take to start where another fault keeps it from doing so at once. */
export const RESTART_LIMIT_MS = 60_000;

/**
 * Does something during which heartbeats may go unanswered.
 * @param after how much longer that lasts, in milliseconds
 */
export async function outage(
  site: Site,
  { what, reach, after }: Pick<Outage, "what" | "reach"> & { readonly after: number },
  harm: () => Promise<void>,
): Promise<void> {
  const record: Outage = { what, reach, from: hostNow(), until: Number.POSITIVE_INFINITY };
  site.chronicle.outages.push(record);
  try {
    await harm();
  } finally {
    record.until = hostNow() + after;
  }
}

/** Does something after which Redis is not what it was. */
export async function disturbance<T>({ chronicle }: Site, harm: () => Promise<T>): Promise<T> {
  chronicle.disturbances.push(hostNow());
  try {
    return await harm();
  } finally {
    chronicle.disturbances.push(hostNow());
  }
}
