// `pnpm check`: every gate that needs no running store. Runs all of them, then tells which failed.
// With `--strict` it fails too if no registry tells of known vulnerabilities.
import { spawnSync } from "node:child_process";

const node = (script: string) => ["node", "--conditions=source", `scripts/${script}`];

const GATES: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: "format", command: ["oxfmt", "--check", "."] },
  { name: "format of the contract", command: ["buf", "format", "proto", "--diff", "--exit-code"] },
  { name: "types", command: ["tsc", "--project", "tsconfig.json"] },
  { name: "build", command: node("build/main.ts") },
  { name: "lint", command: ["oxlint"] },
  { name: "architecture", command: node("check-architecture.ts") },
  { name: "unused code and dependencies", command: ["knip"] },
  { name: "contract lint", command: ["buf", "lint"] },
  { name: "contract compatibility", command: node("check-breaking.ts") },
  { name: "generated files", command: node("check-generated.ts") },
  { name: "supply chain", command: node("check-supply.ts") },
  {
    name: "known vulnerabilities",
    command: [...node("check-vulnerabilities.ts"), ...process.argv.slice(2)],
  },
];

/** What a gate that passed has to say all the same. */
const NOTE = /^NOT ASKED: .*$/m;

const failed = GATES.filter(({ name, command: [program = "", ...args] }) => {
  const run = spawnSync(program, args, { encoding: "utf8" });
  const passed = run.status === 0;
  console.log(`${passed ? "✓" : "✗"} ${name}`);
  const note = passed ? NOTE.exec(run.stdout)?.[0] : undefined;
  if (note !== undefined) console.log(`  ${note}`);
  if (!passed) console.log(run.error?.message ?? `${run.stdout}${run.stderr}`);
  return !passed;
});

if (failed.length > 0) {
  console.log(`failed: ${failed.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}
