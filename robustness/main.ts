/*
 * `pnpm robustness [--quick | --long] [--topology single|sentinel|cluster|all] [--seed N]
 * [--minutes M] [--json]`: a real cluster under faults. Prints what happens, how often each fault
 * fired and what was found; with --json the last line is `{"ok", "figures", "failures"}`. Ends with
 * code 1 if a promise was broken, or none was put to the test.
 */
import { systemClock } from "@leasehold/kernel";
import { watchLaunchers } from "@leasehold/testkit";
import { type Outcome, together } from "./outcome.ts";
import { partsOf } from "./parts.ts";
import { planOf } from "./plan.ts";

// Whatever is still up is left to the guard, which ends it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => process.exit(1));
using _launchers = watchLaunchers(() => process.exit(1));

const plan = planOf(process.argv.slice(2), systemClock);
const say = (line: string) => console.log(line);
say(`seed ${plan.seed}`);
const outcomes: Outcome[] = [];
for (const { name, run } of partsOf(plan, say)) {
  say(name);
  const outcome = await run();
  for (const failure of outcome.failures) say(`✗ ${failure}`);
  outcomes.push(outcome);
}
const { figures, failures } = together(outcomes);
const ok = failures.length === 0;
for (const [name, figure] of Object.entries(figures)) say(`${name}: ${figure}`);
if (plan.json) say(JSON.stringify({ ok, figures, failures }));
else say(ok ? "every promise was kept" : "not every promise was kept");
process.exitCode = ok ? 0 : 1;
