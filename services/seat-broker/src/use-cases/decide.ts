import type { Uuid } from "@leasehold/kernel";
import { recovering } from "../domain/seat-problems.ts";
import type { PoolTerms } from "./pool-terms.ts";
import type { SeatStore, Undecided } from "./ports.ts";
import type { RecoverPool, RestorePool } from "./recover-pool.ts";

/** How soon to ask again where it is not known when an answer can be had. */
const SOON_MS = 500;

type Decided<Outcome> = Exclude<Outcome, Undecided>;

export interface DecidePorts {
  readonly seats: Pick<SeatStore, "readIncarnation">;
  readonly recover: RecoverPool;
  readonly restore: RestorePool;
  readonly terms: PoolTerms;
}

/** A pool that was set up anew may have other terms, and something to be given back. */
const MOST_REPEATS = 3;

/**
 * Puts a question to a pool, and again after what kept it from being answered was set right.
 * @throws Problem RECOVERING if it still cannot be answered
 */
export async function decide<Outcome extends { readonly kind: string }>(
  ports: DecidePorts,
  license: Uuid,
  ask: () => Promise<Outcome | Undecided>,
): Promise<Decided<Outcome>> {
  let outcome = await ask();
  for (let repeats = 0; isUndecided(outcome) && repeats < MOST_REPEATS; repeats += 1) {
    await setRight(ports, license, outcome);
    outcome = await ask();
  }
  if (!isUndecided(outcome)) return outcome as Decided<Outcome>;
  throw recovering(outcome.kind === "recovering" ? outcome.endsInMs : SOON_MS);
}

/**
 * Does what lets the next call be decided.
 * @throws Problem RECOVERING if nothing does but time
 */
export async function setRight(
  { seats, recover, restore, terms }: DecidePorts,
  license: Uuid,
  undecided: Undecided,
): Promise<void> {
  switch (undecided.kind) {
    case "recovering":
      throw recovering(undecided.endsInMs);
    case "unset":
      await recover(license);
      await terms.refresh(license);
      return;
    case "unrestored":
      return restore(license);
    case "moved":
      await terms.refresh(license);
      return;
    case "misjudged":
      await seats.readIncarnation(license);
  }
}

const UNDECIDED: ReadonlySet<string> = new Set([
  "unset",
  "misjudged",
  "unrestored",
  "moved",
  "recovering",
] satisfies readonly Undecided["kind"][]);

function isUndecided(outcome: { readonly kind: string }): outcome is Undecided {
  return UNDECIDED.has(outcome.kind);
}
