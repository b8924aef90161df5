/*
 * `pnpm security [--quick | --long] [--seed N] [--only part]… [--json]`: attacks on everything that
 * reads what strangers send, and on a real cluster. Prints what was tried and found; with --json the
 * last line is `{"ok", "figures", "failures"}`. Ends with code 1 if an attack got through, or too
 * little was tried.
 */
import { systemClock } from "@leasehold/kernel";
import { watchLaunchers } from "@leasehold/testkit";
import { type Outcome, together } from "@leasehold/robustness/outcome";
import { boundsOf } from "./bounds.ts";
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
await using parts = partsOf(plan, say);
for (const { name, run } of parts.all) {
  const begun = performance.now();
  outcomes.push(await run());
  say(`${name}: ${Math.round((performance.now() - begun) / 1_000)} s`);
}
const { figures, failures: found } = together(outcomes);
const failures = [...found, ...(plan.only.length === 0 ? boundsOf(figures) : [])];
const ok = failures.length === 0;
for (const [name, figure] of Object.entries(figures)) say(`${name}: ${figure}`);
for (const failure of failures) say(`✗ ${failure}`);
if (plan.json) say(JSON.stringify({ ok, figures, failures }));
else say(ok ? "no attack got through" : "not everything held");
process.exitCode = ok ? 0 : 1;
