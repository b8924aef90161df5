import type { SupplyGate } from "./project.ts";

/** What goes with Apache-2.0, in a product that is handed out as source and as images. */
const ALLOWED: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "PostgreSQL",
]);

/** A list that is shorter was not read. */
const FEWEST = 30;

/** Production code stands on packages with licenses of the list only, through and through. */
export const dependencyLicenses: SupplyGate = {
  name: "licenses of all production dependencies are on the list",
  faults: ({ licenses }) => {
    const packages = Object.values(licenses).flat();
    if (packages.length < FEWEST) return [`only ${packages.length} packages were looked at`];
    return Object.entries(licenses)
      .filter(([license]) => !isAllowed(license))
      .flatMap(([license, those]) => those.map(({ name }) => `${name} has the license ${license}`));
  },
  broken: (project) => ({
    ...project,
    licenses: {
      ...project.licenses,
      "(MIT AND AGPL-3.0-only)": [{ name: "canary", versions: ["1.0.0"] }],
    },
  }),
};

/** Of an SPDX expression: with `OR` one is enough, with `AND` all have to be. Parentheses only around the whole. */
function isAllowed(expression: string): boolean {
  const bare = expression.replace(/^\((.*)\)$/, "$1");
  if (bare.includes("(") || (bare.includes(" OR ") && bare.includes(" AND "))) return false;
  if (bare.includes(" OR ")) return bare.split(" OR ").some((one) => ALLOWED.has(one));
  return bare.split(" AND ").every((one) => ALLOWED.has(one));
}
