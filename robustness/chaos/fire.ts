import { setTimeout as pause } from "node:timers/promises";
import { type Dice, dice } from "../site/dice.ts";
import type { Site } from "../site/site.ts";
import { type FaultName, FAULTS } from "./faults.ts";
import type { Lane, Round } from "./schedule.ts";

/** What happened. */
export interface Fired {
  readonly times: Map<FaultName, number>;
  /** Faults that could not be carried out. */
  readonly mishaps: string[];
}

/** Between the faults of a lane, in milliseconds. */
const PAUSE_MS = [1_000, 2_800] as const;
/** How often what comes after a fault of Redis' meets a pool that has recovered from it. */
const RECOVERED_FIRST = 0.25;
/** No fault takes longer, the start of services included. */
const FAULT_LIMIT_MS = 120_000;

/** How a round is let happen. */
export interface Firing {
  readonly fired: Fired;
  readonly say: (line: string) => void;
  /** Whether to leave out the rest of it. */
  readonly isOver: () => boolean;
}

/** Lets the faults of a round happen, its lanes at the same time. */
export async function fireRound(
  site: Site,
  round: Round,
  seed: number,
  { fired, say, isOver }: Firing,
): Promise<void> {
  const fireLane = async (lane: Lane, random: Dice) => {
    for (const together of lane) {
      if (isOver()) return;
      say(together.join(", "));
      await Promise.all(together.map((name) => fireOne(site, random, name, fired)));
      await pause(pauseMs(site, together, random));
    }
  };
  await Promise.all(round.map((lane, index) => fireLane(lane, dice(seed + index))));
}

function pauseMs({ timings }: Site, after: readonly FaultName[], random: Dice): number {
  const shortly = random.between(...PAUSE_MS);
  const recovers = after.some((name) => FAULTS[name].touches === "redis");
  const waits = recovers && random.chance(RECOVERED_FIRST);
  return shortly + (waits ? timings.fenceMs + timings.spanMs : 0);
}

async function fireOne(site: Site, random: Dice, name: FaultName, fired: Fired): Promise<void> {
  const limit = new AbortController();
  const tooLong = pause(FAULT_LIMIT_MS, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`not over within ${FAULT_LIMIT_MS} ms`);
  });
  tooLong.catch(() => undefined);
  try {
    await Promise.race([FAULTS[name].fire(site, random), tooLong]);
    fired.times.set(name, (fired.times.get(name) ?? 0) + 1);
  } catch (error) {
    fired.mishaps.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    limit.abort();
  }
}
