import type { Rate } from "../domain/rate.ts";

/** A bucket of tokens, which fills by a rate. */
export interface Bucket {
  /** Tells it from others. */
  readonly key: string;
  readonly rate: Rate;
  /** Whether a token is taken out, or it is only looked whether there is one. */
  readonly take: boolean;
}

/** Buckets of tokens. */
export interface Buckets {
  /**
   * Takes the tokens, if every bucket has one; else none.
   * @returns how long until every bucket has one, in milliseconds; 0 if the tokens were taken
   */
  ask(buckets: readonly Bucket[]): Promise<number>;
  /** Takes the tokens whether there are any or not, into a debt of one period at most. */
  charge(buckets: readonly Bucket[]): Promise<void>;
}
