import type { Timings } from "../site/timings.ts";
import type { History, Loss } from "./history.ts";
import { covered, told } from "./stretches.ts";
import { newestAt } from "./too-many.ts";

type Seen = Pick<
  History,
  "losses" | "standstills" | "outages" | "disturbances" | "holdings" | "capacities" | "from"
>;

/** Holders that lost their seats although their heartbeats could have been answered. */
export function lostLiveHolders(history: Seen, timings: Timings): readonly string[] {
  return history.losses
    .filter(
      (loss) =>
        !stoodStill(history, loss, timings) &&
        !couldNotBeAnswered(history, loss, timings) &&
        !isAboveLowered(history, loss, timings),
    )
    .map(({ agent, at, cause }) => `${agent} lost a seat at ${told(history.from, at)}: ${cause}`);
}

/** Those that were refused in a recovery that began when more were live than the license has seats by now. */
export function lostAboveLowered(history: Seen, timings: Timings): number {
  return history.losses.filter((loss) => isAboveLowered(history, loss, timings)).length;
}

/** Whether an agent was paused, or had no processor, for so long that its own part may be missing. */
function stoodStill({ standstills }: Seen, loss: Loss, { validityMs, budgetMs }: Timings): boolean {
  const own = standstills.filter(({ agent }) => agent === loss.agent);
  return covered(own, { from: loss.at - 1.5 * validityMs, until: loss.at }) >= budgetMs / 2;
}

/**
 * Whether nobody could answer for longer than the budget. Who had turned to a seat-broker that was in
 * trouble by itself has less of the budget left for what befell all of them.
 */
function couldNotBeAnswered(
  { outages }: Seen,
  { at }: Loss,
  { validityMs, budgetMs }: Timings,
): boolean {
  const within = { from: at - validityMs, until: at };
  const ofAll = outages.filter(({ reach }) => reach === "all");
  return covered(ofAll, within) > 0 && covered(outages, within) >= budgetMs;
}

function isAboveLowered(
  { holdings, capacities, disturbances }: Seen,
  { at, cause }: Loss,
  { spanMs }: Timings,
): boolean {
  if (cause !== "refused") return false;
  const seats = newestAt(capacities, at)?.seats ?? Infinity;
  return disturbances.some(
    (disturbed) =>
      disturbed <= at &&
      disturbed >= at - 2 * spanMs &&
      holdings.filter(({ from, until }) => from <= disturbed && until > disturbed).length > seats,
  );
}
