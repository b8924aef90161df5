import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { leasehold, type Ran } from "./leasehold.ts";

let cluster: Cluster;
let folder: string;
const cleanUp = new AsyncDisposableStack();

beforeAll(async () => {
  cluster = cleanUp.use(await startCluster());
  folder = mkdtempSync(join(tmpdir(), "leasehold-resources-"));
  cleanUp.defer(() => rmSync(folder, { recursive: true }));
}, 120_000);
afterAll(() => cleanUp.disposeAsync());

function run(...words: string[]): Promise<Ran> {
  const at = words[0] === "resource" ? ["--activation", cluster.addresses.activation] : [];
  return leasehold([...words, ...at], cluster);
}

/** What a command that goes well prints as JSON. */
async function json(...words: string[]): Promise<Record<string, unknown>> {
  const { exitCode, out, err } = await run(...words, "--output", "json");
  expect([exitCode, err]).toEqual([0, ""]);
  return JSON.parse(out) as Record<string, unknown>;
}

let customer: string;
const licenses: string[] = [];

beforeAll(async () => {
  const created = await json(
    "customer",
    "create",
    "--display-name",
    "Acme",
    "--reference-id",
    "A-1",
  );
  customer = String(created["name"]);
  const product = ["atlas", "--display-name", "Atlas", "--counted-feature", "diagrams"];
  await json("product", "create", ...product, "--sales-contact", "sales@example.com");
  for (let number = 0; number < 2; number += 1) {
    const licensee = ["--licensee-name", "Ada Lovelace", "--licensee-organization", "Acme"];
    const size = ["--model", "RESOURCE", "--seats", "2", "--resources", "2"];
    const term = ["--feature", "diagrams=5", "--start", "2026-01-01", "--end", "2100-01-01"];
    const words = ["--customer", customer, "--product", "atlas", ...licensee, ...size, ...term];
    const { name } = await json("license", "issue", ...words);
    licenses.push(String(name));
  }
}, 120_000);

let resources: readonly string[];

test("a file of databases is imported, and imported again", async () => {
  const file = join(folder, "databases.csv");
  writeFileSync(file, 'externalId,displayName\ndb-1,"Plant, east"\ndb-2,Plant west\n');
  const words = ["resource", "import", file, "--customer", customer];
  // Activation hears of the customer with its first license.
  const first = await vi.waitFor(() => json(...words), { timeout: 20_000 });
  expect(first).toMatchObject({ registered: 2, known: 0 });
  resources = first["resources"] as readonly string[];
  expect(await json(...words)).toEqual({ registered: 0, known: 2, resources });
});

test("more rows than one call carries are imported, and a bad one is named by its place", async () => {
  const rows = Array.from({ length: 1_100 }, (_, index) => ({ externalId: `many-${index}` }));
  const file = join(folder, "many.json");
  writeFileSync(file, JSON.stringify(rows));
  const words = ["resource", "import", file, "--customer", customer];
  expect(await json(...words)).toMatchObject({ registered: 1_100, known: 0 });
  writeFileSync(file, JSON.stringify(rows.with(700, { externalId: "x".repeat(201) })));
  const { exitCode, err } = await run(...words);
  expect(exitCode).toBe(1);
  expect(err).toContain("resources[700].external_id");
});

test("a database is bound, listed among the licensed ones, moved, unbound and removed", async () => {
  const [first = "", second = ""] = licenses;
  const [name = ""] = resources;
  expect(await json("resource", "bind", name, "--license", first)).toMatchObject({
    name,
    license: first,
    displayName: "Plant, east",
  });
  const list = ["resource", "list", "--customer", customer, "--licensed-only"];
  expect(await json(...list)).toMatchObject([{ externalId: "db-1", license: first }]);
  expect(await json("resource", "counts", name)).toMatchObject([
    { feature: "diagrams", count: "0", limit: "5", remaining: "5" },
  ]);
  const renaming = ["resource", "rename", name, "--display-name", "Plant east"];
  expect(await json(...renaming)).toMatchObject({ displayName: "Plant east" });
  const move = ["resource", "move", name, "--license", second];
  const tried = await run(...move, "--dry-run", "--output", "json");
  expect([tried.exitCode, JSON.parse(tried.out)]).toMatchObject([0, { license: second }]);
  expect(await json("resource", "get", name)).toMatchObject({ license: first });
  expect(await json(...move, "--yes")).toMatchObject({ license: second });
  const refused = await run("resource", "remove", name, "--yes");
  expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining("STATE_CONFLICT")]);
  expect((await run("resource", "unbind", name)).exitCode).toBe(2);
  expect(await json("resource", "unbind", name, "--yes")).toMatchObject({ license: "" });
  expect(await json("resource", "remove", name, "--yes")).toMatchObject({ name });
  expect((await run("resource", "get", name)).err).toContain("NOT_FOUND");
});

test("a single database is registered", async () => {
  const words = ["--customer", customer, "--external-id", "db-9", "--display-name", "Archive"];
  expect(await json("resource", "register", ...words, "--kind", "archive")).toMatchObject({
    externalId: "db-9",
    kind: "archive",
  });
});
