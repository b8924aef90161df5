import type { Clock } from "@leasehold/kernel";
import type { Pause } from "./ports.ts";

/** What is remembered of challenges that were used. */
export interface UsedChallenges {
  /**
   * Forgets those that ended before a time, milliseconds since 1970: some of them.
   * @returns how many
   */
  forget(endedBefore: number): Promise<number>;
}

/** What forgetting needs. */
export interface ForgetChallengesPorts {
  readonly used: UsedChallenges;
  readonly clock: Pick<Clock, "now">;
  readonly pause: Pause;
  readonly report: (failure: unknown) => void;
}
