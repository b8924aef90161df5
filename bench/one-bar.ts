/*
 * One bar in a process of its own, so that a bar that breaks or hangs takes nothing else with it:
 * `one-bar.ts NAME`, forked by main.ts, which sends it the settings of the run. What it came to is told to that
 * process; what it says goes to standard error.
 */
import { once } from "node:events";
import { watchLaunchers } from "@leasehold/testkit";
import { BARS } from "./bars/bars.ts";
import type { BarOutcome, BenchSettings } from "./run/bar.ts";
import { coresHere, moveSelf } from "./site/cores.ts";

// Whatever is still up is left to the guard, which ends it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => process.exit(1));
process.on("disconnect", () => process.exit(1));
using _launchers = watchLaunchers(() => process.exit(1));

const [, , name] = process.argv;
const bar = BARS.find((one) => one.name === name);
if (!bar) throw new Error(`there is no bar ${name}`);
const [settings] = (await once(process, "message")) as [BenchSettings];
const cores = coresHere();
moveSelf(cores.load);
const outcome = await bar
  .run({ settings, cores, say: (line) => console.error(line) })
  .catch((error: unknown) => broken(error));
process.send?.(outcome, () => process.exit());

function broken(error: unknown): BarOutcome {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { figures: {}, details: {}, failures: [`it broke: ${text}`] };
}
