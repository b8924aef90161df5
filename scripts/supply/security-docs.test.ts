import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

const PAGES = [
  "SECURITY.md",
  "docs/threat-model.md",
  "docs/dependencies.md",
  "docs/operations/secrets.md",
];

/** Where the links of a text lead, from the top of the repository. */
function linksOf(page: string, text: string): readonly string[] {
  return Array.from(text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g), ([, link = ""]) => link)
    .filter((link) => !link.startsWith("https://"))
    .map((link) => normalize(join(dirname(page), link)));
}

test.each(PAGES)("every link of %s leads somewhere", (page) => {
  const links = linksOf(page, readFileSync(page, "utf8"));
  expect(links.length).toBeGreaterThan(1);
  expect(links.filter((link) => !existsSync(link))).toEqual([]);
});

/** The rows of the tables with a column `shown by`, each with the tests that its last cell names. */
function shown(
  page: string,
): readonly { readonly row: string; readonly tests: readonly string[] }[] {
  let inTable = false;
  return readFileSync(page, "utf8")
    .split("\n")
    .filter((line) => {
      if (!line.startsWith("|")) inTable = false;
      else if (line.includes("| shown by")) inTable = true;
      else return inTable && !line.startsWith("| -");
      return false;
    })
    .map((row) => ({ row, tests: linksOf(page, row.split("|").at(-2) ?? "") }));
}

const promises = ["docs/threat-model.md", "docs/operations/secrets.md"].flatMap(shown);

test("threats and secrets are many, and of each kind", () => {
  expect(promises.length).toBeGreaterThan(50);
});

test.each(promises)("a test shows that $row", ({ row, tests }) => {
  const isTest = (path: string) =>
    path.endsWith(".test.ts") && /\btest\b/.test(readFileSync(path, "utf8"));
  const ofPageTokens = row.startsWith("| keys of page tokens");
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter((path) => !isTest(path) && !ofPageTokens)).toEqual([]);
});

/** Files that settings name and anybody may read, or that are written. */
const PUBLIC = [
  "BEARER_TOKENS_FILE", // digests
  "IDENTITY_PROVIDERS_FILE",
  "LEASE_PUBLIC_KEYS_FILE",
  "ROOT_SUCCESSIONS_FILE",
  "SITE_LEASE_PUBLIC_KEYS_FILE",
  "SITE_EXCHANGE_LOG_FILE",
  "TLS_CERTIFICATE_FILE",
  "SERVICE_CERTIFICATE_FILE",
  "SERVICE_AUTHORITIES_FILE",
  "SITE_VENDOR_AUTHORITIES_FILE",
];

const settings = globSync("services/*/{,site/}.env.example").flatMap((path) =>
  Array.from(
    readFileSync(path, "utf8").matchAll(/^#? ?([A-Z_]+_FILE)=/gm),
    ([, name = ""]) => name,
  ),
);
const secretSettings = [...new Set(settings)].filter(
  (name) => !PUBLIC.some((suffix) => name.endsWith(suffix)),
);

test.each(secretSettings)("%s is told with how it is changed", (name) => {
  const page = readFileSync("docs/operations/secrets.md", "utf8");
  const without = name.replace(/^(ISSUER|ACTIVATION|SEAT_BROKER)/, "…");
  expect(page.includes(`\`${name}\``) || page.includes(`\`${without}\``)).toBe(true);
});
