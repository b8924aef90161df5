/*
 * `pnpm bench [name…] [--quick] [--json] [--list]`: measures bars, all of them unless some are named, each in a process of
 * its own, so that one that breaks or hangs does not keep the others from being measured. Prints a table, keeps what was
 * measured in bench/results/ as it comes, and ends with a line `{"ok", "figures", "failures"}`; with --json that
 * line is all there is on standard output. Code 1 if a bar was not reached, or a call failed.
 *
 *   --rounds N --seconds S --warm-up S     how much of each side
 *   --seats N --minutes M                  of `million` and `million-killed`
 *   --kill-broker                          `million` means `million-killed`
 *   --durability none|everysec|always      what Redis writes to disk, in every bar
 *   --node-flag=--FLAG                     for the servers that are measured; may be repeated
 *   --cpu-prof                             profiles of those servers go to bench/results/profiles
 *   --tls                                  TLS on both sides instead of plaintext on loopback, by certificates made for the run
 *   --tls-certificate F --tls-key F --tls-authorities F    the same by certificates that are there
 *   --peer-url URL [--peer-adapter FILE]   of `http-peer`
 */
import { guardedFolder, watchLaunchers } from "@leasehold/testkit";
import { BARS } from "./bars/bars.ts";
import { type Bar, type BarOutcome, type BenchSettings, usualLimitMs } from "./run/bar.ts";
import {
  type FigureName,
  type Figures,
  FIGURES,
  limitText,
  meets,
  shortfalls,
} from "./run/figures.ts";
import { machineFacts } from "./run/machine.ts";
import { measureApart } from "./run/measure-apart.ts";
import { drawBars, keepBar, resultsFolder } from "./run/results.ts";
import { type Plan, planOf } from "./run/settings.ts";
import { coresHere } from "./site/cores.ts";
import { makeTlsFiles } from "./site/make-tls-files.ts";

// Whatever is still up is left to the guard, which ends it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => process.exit(1));
using _launchers = watchLaunchers(() => process.exit(1));

const ONE_BAR = new URL("./one-bar.ts", import.meta.url);
const plan = planOf(process.argv.slice(2));
const begun = performance.now();
if (plan.list) list();
else await measureAll(plan);

function list(): void {
  for (const { name, title, figures } of BARS) {
    console.log(`${name}: ${title}`);
    for (const figure of figures)
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

function say(line: string): void {
  if (plan.json) console.error(line);
  else console.log(line);
}

/** The settings, with certificates if they are to be made. */
async function withTls({ settings, makesTls }: Plan, stack: AsyncDisposableStack) {
  if (!makesTls) return settings;
  const folder = stack.use(await guardedFolder("bench-tls"));
  return { ...settings, tls: await makeTlsFiles(folder.path) };
}

async function measureAll(plan: Plan): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const bars = chosen(plan);
  const settings = await withTls(plan, stack);
  const cores = coresHere();
  for (const [name, fact] of Object.entries(machineFacts())) say(`${name}: ${fact}`);
  say(
    cores.kind === "pinned"
      ? `server on processor ${cores.server}, load and stores on ${cores.load}`
      : "nothing is pinned",
  );
  let figures: Figures = {};
  const failures: string[] = [];
  for (const [index, bar] of bars.entries()) {
    say(`\n[${index + 1}/${bars.length}, ${sinceBegun()}] ${bar.name}: ${bar.title}`);
    const { outcome, faults } = await measured(bar, settings);
    figures = { ...figures, ...outcome.figures };
    failures.push(...faults.map((fault) => `${bar.name}: ${fault}`));
  }
  say(`\n${sinceBegun()} in all; kept in ${resultsFolder(settings)}`);
  for (const failure of failures) say(`✗ ${failure}`);
  const ok = failures.length === 0;
  console.log(JSON.stringify({ ok, figures, failures }));
  process.exitCode = ok ? 0 : 1;
}

/** Measures a bar, tells what came of it, and keeps it. */
async function measured(bar: Bar, settings: BenchSettings) {
  const { name, title } = bar;
  const limitMs = (bar.limitMs ?? usualLimitMs)(settings);
  const machine = machineFacts();
  const outcome = await measureApart({ program: ONE_BAR, name, settings, limitMs });
  const faults = [...outcome.failures, ...shortfalls(bar.figures, outcome.figures)];
  tell(outcome);
  await keepBar({ name, title, machine, settings, ...outcome });
  await drawBars(
    resultsFolder(settings),
    BARS.map((one) => one.name),
  );
  return { outcome, faults };
}

/** For example `12:05`. */
function sinceBegun(): string {
  const seconds = Math.round((performance.now() - begun) / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function tell({ figures, details, failures }: BarOutcome): void {
  for (const [name, detail] of Object.entries(details)) say(`  ${name}: ${detail}`);
  for (const [name, figure] of Object.entries(figures) as [FigureName, number][])
    say(`  ${meets(name, figure) ? "✓" : "✗"} ${name} = ${figure} (${limitText(name)})`);
  for (const failure of failures) say(`  ✗ ${failure}`);
}
