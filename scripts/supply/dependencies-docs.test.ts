import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Manifest, Workspace } from "./project.ts";

const DEVELOPMENT = ["testkit", "dev-cluster", "dev-certificates", "dev-provider"].map(
  (name) => `packages/${name}`,
);

const docs = readFileSync("docs/dependencies.md", "utf8");
const { catalog } = parse(readFileSync("pnpm-workspace.yaml", "utf8")) as Workspace;

/** The rows of the table under a heading, each as its cells. */
function tableOf(heading: string): readonly (readonly string[])[] {
  const section = docs.split(/^## /m).find((part) => part.startsWith(heading)) ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

const named = (cell = ""): readonly string[] =>
  Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = ""]) => name);

const parts = globSync("{packages,services,apps}/*/package.json")
  .map((path) => {
    const { dependencies = {} } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
    const foreign = Object.keys(dependencies).filter((name) => !name.startsWith("@leasehold/"));
    return { folder: dirname(path), foreign };
  })
  .filter(({ folder }) => !DEVELOPMENT.includes(folder));

test("each part of the product asks for what the page says, and for nothing else", () => {
  const told = tableOf("Who asks").map(([part, those]) => [named(part)[0], named(those)] as const);
  const asked = parts
    .filter(({ folder, foreign }) => foreign.length > 0 || folder.startsWith("services/"))
    .map(({ folder, foreign }) => [folder, foreign.toSorted()] as const);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(asked));
});

test("parts that ask for nothing are said to", () => {
  const silent = parts.filter(
    ({ folder, foreign }) => foreign.length === 0 && !folder.startsWith("services/"),
  );
  const sentence = /^((?:`packages\/[\w-]+`(?:, | and ))*`packages\/[\w-]+`) ask for nothing/m;
  expect(named(sentence.exec(docs)?.[1]).toSorted()).toEqual(
    silent.map(({ folder }) => folder).toSorted(),
  );
});

const reasons = tableOf("Why each");

test("each dependency has a reason, and nothing else has one", () => {
  const all = new Set(parts.flatMap(({ foreign }) => foreign));
  expect(reasons.map(([name]) => named(name)[0])).toEqual([...all].toSorted());
});

test.each(reasons.map((cells) => ({ name: named(cells[0])[0] ?? "", cells })))(
  "$name is told with its version, license, month, reason and what would replace it",
  ({ name, cells }) => {
    const [, version, license, released, why, instead] = cells;
    const paths = globSync(
      `node_modules/.pnpm/${name.replace("/", "+")}@${version}*/node_modules/${name}/package.json`,
    );
    const { license: own } = JSON.parse(readFileSync(paths[0] ?? "", "utf8")) as {
      readonly license?: string;
    };
    expect(version).toBe(catalog[name]);
    expect(license).toBe(own);
    expect(released).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
    expect(why?.length).toBeGreaterThan(10);
    expect(instead?.length).toBeGreaterThan(2);
  },
);
