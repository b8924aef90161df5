/*
 * `pnpm k8s:check [--json]`: renders every overlay and every other combination of components, and holds each to the API of
 * Kubernetes and to the rules. Needs nothing but Node. Prints what is wrong; with --json the last line is
 * `{"ok", "figures", "failures"}`. Ends with 1 if anything is wrong.
 */
import { combination, COMBINATIONS, unusedComponents } from "./combinations.ts";
import type { Manifest } from "./render/manifest.ts";
import { RULES } from "./rules/rules.ts";
import { fieldFaults, valueFaults } from "./schema.ts";

async function faultsOf(manifests: readonly Manifest[]): Promise<readonly string[]> {
  return [
    ...fieldFaults(manifests),
    ...(await valueFaults(manifests)),
    ...Object.values(RULES).flatMap((rule) => rule(manifests)),
  ];
}

const failures = unusedComponents().map((name) => `components/${name} is in no combination`);
let objects = 0;
let failed = 0;
for (const name of COMBINATIONS) {
  const manifests = combination(name);
  const faults = await faultsOf(manifests);
  objects += manifests.length;
  if (faults.length > 0) failed += 1;
  console.log(`${faults.length === 0 ? "✓" : "✗"} ${name}: ${manifests.length} objects`);
  failures.push(...faults.map((fault) => `${name}: ${fault}`));
}
for (const failure of failures) console.log(`  ${failure}`);
const ok = failures.length === 0;
const rules = Object.keys(RULES).length + 2; // the fields and the values
const figures = { failed, combinations: COMBINATIONS.length, objects, rules };
if (process.argv.includes("--json")) console.log(JSON.stringify({ ok, figures, failures }));
process.exitCode = ok ? 0 : 1;
