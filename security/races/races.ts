import { belowFloors, type Outcome } from "@leasehold/robustness/outcome";
import { Findings } from "../findings.ts";
import type { Stage } from "../stage.ts";
import { type Task, timeLeft } from "../task.ts";
import type { Belongings } from "../world.ts";
import type { Contest } from "./arena.ts";
import { contests } from "./contests.ts";

const ROUNDS = { quick: 30, long: 1_000 } as const;
const CONTESTS = 8;

/** Two at a time want what one may get, again and again. */
export async function races(task: Task, stage: Stage, own: Belongings): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const findings = new Findings(task.repeat, "raceDoubleWinners", "crashes");
  const goesOn = timeLeft(task);
  const all = await contests({ stage, own, stack });
  // Beside each other, so that they race through the same processes.
  await Promise.all(all.map((contest) => rounds(contest, ROUNDS[task.length], goesOn, findings)));
  for (const mishap of stage.mishaps()) findings.found("crashes", mishap);
  const { figures } = findings;
  const floors = {
    races: CONTESTS * ROUNDS[task.length],
    ...Object.fromEntries(all.map(({ name }) => [`races.${name}`, ROUNDS[task.length]])),
  };
  return { figures, failures: [...findings.failures, ...belowFloors(figures, floors)] };
}

/** Runs the rounds of one contest; each has exactly one winner. */
export async function rounds(
  contest: Contest,
  most: number,
  goesOn: () => boolean,
  findings: Findings,
): Promise<void> {
  for (let round = 0; round < most && goesOn(); round += 1) {
    const won = await contest.round();
    findings.count("races");
    findings.count(`races.${contest.name}`);
    if (won.length > 1)
      findings.found("raceDoubleWinners", `${contest.name}, round ${round}: ${won.join(" and ")}`);
    if (won.length === 0) findings.found("racesNobodyWon", `${contest.name}, round ${round}`);
  }
}
