import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leasehold } from "./leasehold.ts";

// What a licensing desk does on an ordinary day, by the command line alone.

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "leasehold-desk-"));
  cluster = await startCluster();
}, 120_000);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** What a command prints that goes well. */
async function run(line: string, ...words: string[]): Promise<string> {
  const { exitCode, out, err } = await leasehold([...line.split(" "), ...words], cluster);
  if (exitCode !== 0) throw new Error(`${line} ended with ${exitCode}: ${err}`);
  return out;
}

async function json(line: string, ...words: string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await run(line, ...words, "--output", "json")) as Record<string, unknown>;
}

async function listed(line: string): Promise<readonly Record<string, unknown>[]> {
  return JSON.parse(await run(line, "--output", "json")) as readonly Record<string, unknown>[];
}

/** What a command is refused for. */
async function refused(line: string): Promise<string> {
  const { exitCode, err } = await leasehold(line.split(" "), cluster);
  expect(exitCode).toBe(1);
  return err;
}

const ADA = ["--licensee-name", "Ada Lovelace", "--licensee-organization", "Acme GmbH"];
let acme: string;
let initech: string;
let license: string;

test("the catalogue is made: a product with features of both kinds, and an edition", async () => {
  const product = await json(
    "product create atlas --feature dataflow=Flow --counted-feature diagrams=Diagrams",
    "--display-name",
    "Atlas",
  );
  expect(product["features"]).toMatchObject([{ kind: "SWITCH" }, { kind: "COUNTED" }]);
  const edition = await json(
    "edition create team --product atlas --display-name Team --term-days 365 --seats 3",
    ..."--maintenance-days 180 --feature dataflow --feature diagrams=50".split(" "),
  );
  expect(edition).toMatchObject({ name: "products/atlas/editions/team", revision: "1" });
});

test("a license is issued by the edition, and keeps its terms when the edition changes", async () => {
  const named = (name: string) => ["--display-name", name, "--reference-id", name];
  acme = String((await json("customer create", ...named("ACME")))["name"]);
  initech = String((await json("customer create", ...named("INITECH")))["name"]);
  const issue = `license issue --customer ${acme} --product atlas --edition products/atlas/editions/team`;
  const issued = await json(issue, ...ADA);
  license = String(issued["name"]);
  expect(issued).toMatchObject({ edition: "products/atlas/editions/team", terms: { seats: 3 } });
  await run(
    "edition update products/atlas/editions/team --model FLOATING --seats 9 --feature dataflow --feature diagrams=1",
  );
  expect(await json(`license get ${license}`)).toMatchObject({ terms: { seats: 3 } });
  expect(await refused("product update atlas --feature dataflow=Flow")).toContain("FEATURE_IN_USE");
});

test("hundreds of keys are made at one go, into a file for the desk's eyes alone", async () => {
  const csv = join(folder, "keys.csv");
  await run(`key generate ${license} --count 300 --csv ${csv}`);
  const rows = (await readFile(csv, "utf8")).trim().split("\r\n");
  expect(new Set(rows).size).toBe(301);
  expect((await stat(csv)).mode & 0o777).toBe(0o600);
  const [key] = await listed(`key list ${license} --limit 1`);
  await run(`key revoke ${String(key!["name"])} --yes --why lost`);
  expect(await listed(`key list ${license} --filter state=REVOKED`)).toHaveLength(1);
});

test("the license is amended, renewed and compared, and whoever is late is told", async () => {
  await run(`license amend ${license} --seats 5 --why upgrade --revision 1`);
  expect(await refused(`license amend ${license} --seats 6 --revision 1`)).toContain("revision: 2");
  await run(`license renew ${license} --end 2040-01-01 --why order-4711`);
  const history = await listed(`license history ${license}`);
  expect(history).toMatchObject([
    { action: "RENEW", why: "order-4711" },
    { action: "AMEND", why: "upgrade" },
    { action: "ISSUE" },
  ]);
  expect(await run(`license diff ${license} --from 1 --to 2`)).toContain("terms.seats");
});

test("a transfer is tried, then made, and the customer that has nothing left is closed", async () => {
  const move = `license transfer ${license} --to ${initech}`;
  await run(`${move} --dry-run`);
  expect(await json(`license get ${license}`)).toMatchObject({ state: "ACTIVE" });
  expect(await refused(`customer close ${acme} --yes`)).toContain("CUSTOMER_IN_USE");
  const begun = await json(`${move} --yes --why acquired`);
  expect(begun).toMatchObject({ state: "ACTIVE", transferredFrom: license, terms: { seats: 5 } });
  expect(await json(`license get ${license}`)).toMatchObject({ state: "REVOKED" });
  expect(await listed(`key list ${String(begun["name"])} --limit 500`)).toHaveLength(300);
  expect(await json(`customer close ${acme} --yes`)).toMatchObject({ state: "CLOSED" });
  expect(await listed("license list --filter state=ACTIVE")).toHaveLength(1);
});

test("signing goes on with a new key, and the audit log knows of all of it", async () => {
  const before = await json("signing json-web-keys");
  await run("signing rotate --purpose license --yes --why yearly");
  expect(await json("signing json-web-keys")).not.toEqual(before);
  const entries = (await run("audit export")).trim().split("\n");
  expect(entries.length).toBeGreaterThan(10);
  expect(entries.at(-1)).toContain("RotateSigningKey");
  expect(entries.join("\n")).not.toMatch(/2[0-9A-Z]{4}(-[0-9A-Z]{5}){4}/);
  await run("audit verify");
});

test("an export is verified with no connection, and one that was edited is found out", async () => {
  const [exported, edited, short, token, trust] = ["e", "x", "s", "c", "t"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string, string];
  const lines = await run("audit export");
  await writeFile(exported, lines);
  await writeFile(edited, lines.replace(/"subject":"[^"]*"/, '"subject":"nobody"'));
  await writeFile(short, lines.split("\n").slice(0, 3).join("\n"));
  await writeFile(token, String((await json("audit checkpoint"))["token"]));
  await writeFile(trust, String((await json("signing trust-bundle"))["trustBundle"]));
  const known = `--checkpoint-file ${token} --trust-bundle-file ${trust} --trust-root ${cluster.trustRoot}`;
  const entries = String(lines.trim().split("\n").length);
  expect(await json(`audit verify-export ${exported} ${known}`)).toMatchObject({ entries });
  expect(await refused(`audit verify-export ${edited}`)).toContain("entry 1 is");
  expect(await refused(`audit verify-export ${short} ${known}`)).toContain("the end is missing");
  expect(await refused(`audit verify-export ${token}`)).toContain("line 1 is no entry");
});
