import type { Uuid } from "@leasehold/kernel";
import { recovering } from "../domain/seat-problems.ts";
import type { SeatStore, Undecided } from "./ports.ts";
import type { RecoverPool } from "./recover-pool.ts";

/** How soon to ask again where it is not known when an answer can be had. */
const SOON_MS = 500;

type Decided<Outcome> = Exclude<Outcome, Undecided>;

/**
 * Puts a question to a pool, and once more after what kept it from being answered was set right.
 * @throws Problem RECOVERING if it still cannot be answered
 */
export async function decide<Outcome extends { readonly kind: string }>(
  ports: { readonly seats: Pick<SeatStore, "readIncarnation">; readonly recover: RecoverPool },
  license: Uuid,
  ask: () => Promise<Outcome | Undecided>,
): Promise<Decided<Outcome>> {
  const first = await ask();
  if (!isUndecided(first)) return first as Decided<Outcome>;
  if (first.kind === "recovering") throw recovering(first.endsInMs);
  if (first.kind === "unset") await ports.recover(license);
  else await ports.seats.readIncarnation();
  const second = await ask();
  if (!isUndecided(second)) return second as Decided<Outcome>;
  throw recovering(second.kind === "recovering" ? second.endsInMs : SOON_MS);
}

function isUndecided(outcome: { readonly kind: string }): outcome is Undecided {
  return outcome.kind === "unset" || outcome.kind === "misjudged" || outcome.kind === "recovering";
}
