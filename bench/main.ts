/*
 * `pnpm bench [name…] [--quick] [--json] [--list]`: measures bars, all of them unless some are named. Prints a table,
 * keeps what was measured in bench/results/, and ends with a line `{"ok", "figures", "failures"}`; with --json that
 * line is all there is on standard output. Code 1 if a bar was not reached, or a call failed.
 *
 *   --rounds N --seconds S --warm-up S     how much of each side
 *   --seats N --minutes M --kill-broker    of `million`
 *   --durability none|everysec|always      what Redis writes to disk, in every bar
 *   --node-flag=--FLAG                     for the servers that are measured; may be repeated
 *   --cpu-prof                             profiles of those servers go to bench/results/profiles
 *   --tls-certificate F --tls-key F --tls-authorities F    TLS instead of plaintext on loopback
 *   --peer-url URL [--peer-adapter FILE]   of `http-peer`
 */
import { watchLaunchers } from "@leasehold/testkit";
import { BARS } from "./bars/bars.ts";
import type { Bar, Bench } from "./run/bar.ts";
import {
  type FigureName,
  type Figures,
  FIGURES,
  limitText,
  meets,
  shortfalls,
} from "./run/figures.ts";
import { machineFacts } from "./run/machine.ts";
import { type KeptBar, writeResults } from "./run/results.ts";
import { type Plan, planOf } from "./run/settings.ts";
import { coresHere, moveSelf } from "./site/cores.ts";

// Whatever is still up is left to the guard, which ends it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => process.exit(1));
using _launchers = watchLaunchers(() => process.exit(1));

const plan = planOf(process.argv.slice(2));
if (plan.list) list();
else await measure(plan);

function list(): void {
  for (const { name, title, figures } of BARS) {
    console.log(`${name}: ${title}`);
    for (const figure of figures(plan.settings))
      console.log(`  ${figure} ${limitText(figure)}: ${FIGURES[figure].what}`);
  }
}

function chosen({ names }: Plan): readonly Bar[] {
  const unknown = names.filter((name) => !BARS.some((bar) => bar.name === name));
  if (unknown.length > 0)
    throw new Error(`there is no bar ${unknown.join(", ")}; --list names them`);
  return BARS.filter(({ name, onRequest }) =>
    names.length === 0 ? onRequest !== true : names.includes(name),
  );
}

async function measure({ settings, json, ...rest }: Plan): Promise<void> {
  const say = (line: string) => (json ? console.error(line) : console.log(line));
  const cores = coresHere();
  const bench: Bench = { settings, cores, say };
  const machine = machineFacts();
  for (const [name, fact] of Object.entries(machine)) say(`${name}: ${fact}`);
  say(
    cores.kind === "pinned"
      ? `server on processor ${cores.server}, load and stores on ${cores.load}`
      : "nothing is pinned",
  );
  const kept: KeptBar[] = [];
  const failures: string[] = [];
  for (const bar of chosen({ settings, json, ...rest })) {
    say(`\n${bar.name}: ${bar.title}`);
    moveSelf(cores.load);
    const outcome = await bar.run(bench).catch((error: unknown) => broken(error));
    kept.push({ name: bar.name, title: bar.title, ...outcome });
    tell(outcome.figures, outcome.details, say);
    const missed = shortfalls(bar.figures(settings), outcome.figures);
    failures.push(...[...outcome.failures, ...missed].map((failure) => `${bar.name}: ${failure}`));
  }
  say(`\nkept in ${await writeResults({ machine, settings, bars: kept })}`);
  const figures = Object.assign({}, ...kept.map((bar) => bar.figures)) as Figures;
  for (const failure of failures) say(`✗ ${failure}`);
  const ok = failures.length === 0;
  console.log(JSON.stringify({ ok, figures, failures }));
  process.exitCode = ok ? 0 : 1;
}

function broken(error: unknown) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { figures: {}, details: {}, failures: [`it broke: ${text}`] };
}

function tell(figures: Figures, details: KeptBar["details"], say: Bench["say"]): void {
  for (const [name, detail] of Object.entries(details)) say(`  ${name}: ${detail}`);
  for (const [name, figure] of Object.entries(figures) as [FigureName, number][])
    say(`  ${meets(name, figure) ? "✓" : "✗"} ${name} = ${figure} (${limitText(name)})`);
}
