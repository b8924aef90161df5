import { chaos } from "./chaos/chaos.ts";
import { keepLogs } from "./chaos/keep-logs.ts";
import { verdictOf } from "./chaos/verdict.ts";
import { holders } from "./holders/holders.ts";
import { MUTANT_NAMES } from "./mutation/mutants.ts";
import { someOf, survivors } from "./mutation/survivors.ts";
import type { Outcome } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import { dice } from "./site/dice.ts";
import { TIMINGS } from "./site/timings.ts";

/** A part of a run. */
export interface Part {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

/** What a run consists of, in its order. */
export function partsOf(
  { topologies, seed, length }: Plan,
  say: (line: string) => void,
): readonly Part[] {
  return [
    ...topologies.flatMap((topology): Part[] => [
      { name: `holders, ${topology}`, run: () => holders(topology, seed, say) },
      {
        name: `chaos, ${topology}`,
        run: async () => {
          const seen = await chaos({ topology, seed, length, say });
          const outcome = verdictOf(seen, TIMINGS[topology]);
          if (outcome.failures.length > 0)
            say(`logs: ${await keepLogs(`${topology}-${seed}`, seen.logs)}`);
          return outcome;
        },
      },
    ]),
    {
      name: "mutation",
      run: () =>
        survivors(length === "once" ? someOf(MUTANT_NAMES, dice(seed)) : MUTANT_NAMES, say),
    },
  ];
}
