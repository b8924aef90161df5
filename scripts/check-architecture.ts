// The one-way rule: the repository keeps every rule of .dependency-cruiser.cjs, and the
// canary breaks every one of them.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

const CANARY = "scripts/architecture-canary";

function violations(...folders: string[]): readonly Violation[] {
  const run = spawnSync("depcruise", ["--output-type", "json", ...folders], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (!run.stdout.startsWith("{")) throw new Error(run.stderr || run.stdout);
  const report = JSON.parse(run.stdout) as {
    summary: { violations: Violation[]; totalCruised: number };
  };
  if (report.summary.totalCruised < 5) throw new Error(`${folders.join(" ")}: nothing was read`);
  return report.summary.violations;
}

const config = createRequire(import.meta.url)("../.dependency-cruiser.cjs") as {
  forbidden: { name: string }[];
};
const real = violations(
  "packages",
  "services",
  "apps",
  "e2e",
  "robustness",
  "security",
  "bench",
  "drills",
);
for (const { rule, from, to } of real) console.error(`${rule.name}: ${from} → ${to}`);

const bitten = new Set(violations(CANARY).map(({ rule }) => rule.name));
const blunt = config.forbidden.filter(({ name }) => !bitten.has(name));
for (const { name } of blunt) console.error(`${name}: finds nothing in ${CANARY}`);

process.exitCode = real.length + blunt.length === 0 ? 0 : 1;
