/*
 * `pnpm drill rolling-upgrade [--from <commit>] [--seed N] [--json]`: the services of this version in place of those
 * of an earlier one, replica by replica, and back. Prints what happens; with --json the last line is
 * `{"ok", "figures", "failures"}`. Ends with code 1 if somebody lost a seat, or one too many was live.
 */
import { parseArgs } from "node:util";
import { systemClock } from "@leasehold/kernel";
import { guardedFolder, watchLaunchers } from "@leasehold/testkit";
import { rollingUpgrade } from "./rolling/rolling-upgrade.ts";
import { checkOut, previousCommit } from "./version/check-out.ts";
import { thisVersion } from "./version/version.ts";

// Whatever is still up is left to the guard, which ends it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => process.exit(1));
using _launchers = watchLaunchers(() => process.exit(1));

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  allowPositionals: true,
  options: {
    from: { type: "string" },
    seed: { type: "string" },
    json: { type: "boolean" },
  },
});
if (positionals.join() !== "rolling-upgrade") throw new RangeError("there is one: rolling-upgrade");
const say = (line: string) => console.log(line);
const seed = Number(values.seed ?? Math.floor(systemClock.now()) % 1_000_000);
say(`seed ${seed}`);
await using folder = await guardedFolder("version");
const from = await checkOut(values.from ?? (await previousCommit()), folder.path);
const { figures, failures } = await rollingUpgrade({
  from,
  to: await thisVersion(),
  rounds: 3,
  seed,
  say,
});
const ok = failures.length === 0;
for (const [name, figure] of Object.entries(figures)) say(`${name}: ${figure}`);
for (const failure of failures) say(`✗ ${failure}`);
if (values.json === true) say(JSON.stringify({ ok, figures, failures }));
else say(ok ? "nobody noticed" : "it was noticed");
process.exitCode = ok ? 0 : 1;
