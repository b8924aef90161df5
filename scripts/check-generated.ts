// What is generated is what generating gives. Leaves the fresh files in place.
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";

const GENERATED = [
  "packages/contracts/src/gen/**/*",
  "packages/contracts/contract.binpb",
  "**/*.gen.ts",
  "docs/errors.md",
  "docs/operations/configuration.md",
  "**/.env.example",
];

function snapshot(): ReadonlyMap<string, string> {
  const files = globSync(GENERATED, {
    exclude: (entry) => entry.name === "node_modules" || entry.name === "dist",
    withFileTypes: true,
  }).filter((entry) => entry.isFile());
  return new Map(
    files.map((file) => {
      const path = `${file.parentPath}/${file.name}`;
      return [path, readFileSync(path, "latin1")];
    }),
  );
}

const before = snapshot();
execFileSync("node", ["--conditions=source", "scripts/generate.ts"], { stdio: "inherit" });
const after = snapshot();

const stale = [...new Set([...before.keys(), ...after.keys()])].filter(
  (path) => before.get(path) !== after.get(path),
);
for (const path of stale) console.error(`was stale: ${path}`);
process.exitCode = stale.length === 0 ? 0 : 1;
