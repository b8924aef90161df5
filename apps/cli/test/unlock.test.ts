import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openInstallation } from "@leasehold/client";
import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leasehold, type Ran } from "./leasehold.ts";

let cluster: Cluster;
let folder: string;
let keyFile: string;
let secret: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "leasehold-unlock-"));
  cluster = await startCluster();
  secret = await soldKey();
  keyFile = join(folder, "key.txt");
  await writeFile(keyFile, `${secret}\n`, { mode: 0o600 });
}, 120_000);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function desk(...words: string[]): Promise<Record<string, unknown>> {
  const { exitCode, out, err } = await leasehold([...words, "--output", "json"], cluster);
  expect([exitCode, err]).toEqual([0, ""]);
  return JSON.parse(out) as Record<string, unknown>;
}

/** The key of a license for two machines and versions up to 4, of maintenance that is over. */
async function soldKey(): Promise<string> {
  const customer = await desk(
    "customer",
    "create",
    "--display-name",
    "Acme",
    "--reference-id",
    "ACME",
  );
  await desk(
    ..."product create atlas --display-name Atlas --sales-contact s@example.com".split(" "),
    ..."--feature flow=Flow --counted-feature diagrams=Diagrams".split(" "),
  );
  const terms = join(folder, "terms.yaml");
  await writeFile(
    terms,
    `versions: { newest: "4" }\nchangePolicy: RESTART_REQUIRED\ninstallationPolicy: { installations: 2 }\n`,
  );
  const license = await desk(
    ...`license issue --customer ${String(customer["name"])} --product atlas --seats 3`.split(" "),
    "--licensee-name",
    "Ada Lovelace",
    "--licensee-organization",
    "Acme GmbH",
    ..."--feature flow --feature diagrams=200 --start 2026-01-01 --end 2037-01-01".split(" "),
    "--terms",
    terms,
  );
  const made = await desk("key", "create", String(license["name"]));
  return String(made["secret"]);
}

const WHO = ["--product", "atlas", "--name", "Ada Lovelace", "--organization", "Acme GmbH"];

function unlockIn(directory: string, words: readonly string[], input?: string): Promise<Ran> {
  const place = ["--directory", join(folder, directory)];
  return leasehold(["unlock", ...place, ...words], cluster, input);
}

test("a license is unlocked by a key from a file, and what was bought is printed", async () => {
  const { exitCode, out, err } = await unlockIn("mill", [...WHO, "--key-file", keyFile]);
  expect(exitCode).toBe(0);
  expect(err).toBe(
    "warning: The license is for versions up to 4, and the application did not tell its version.\n",
  );
  expect(out).toMatch(/^ {2}name +Ada Lovelace$/m);
  expect(out).toMatch(/^product +Atlas$/m);
  expect(out).toMatch(/^seats +3$/m);
  expect(out).toMatch(
    /^features +feature flow, name Flow\n +feature diagrams, name Diagrams, limit 200$/m,
  );
  expect(out).toMatch(/^connected clients +are asked to save, end and start again$/m);
  expect(await openInstallation(join(folder, "mill"))).toMatchObject({ kind: "unlocked" });
});

test("the same is to be had as JSON, with the key from standard input", async () => {
  const words = [...WHO, "--key-file", "-", "--application-version", "4.2", "--output", "json"];
  const { exitCode, out, err } = await unlockIn("store", words, `${secret.toLowerCase()}\n`);
  expect([exitCode, err]).toEqual([0, ""]);
  expect(JSON.parse(out)).toMatchObject({
    licensee: { name: "Ada Lovelace", organization: "Acme GmbH" },
    product: "Atlas",
    seats: 3,
    features: [
      { feature: "flow", name: "Flow" },
      { feature: "diagrams", name: "Diagrams", limit: "200" },
    ],
    changePolicy: "RESTART_REQUIRED",
    endTime: "2037-01-01T00:00:00.000Z",
    salesContact: "s@example.com",
    warnings: [],
  });
});

test("a condition that is not met is told with what it takes", async () => {
  const words = [...WHO, "--key-file", keyFile];
  const old = await unlockIn("mill", [...words, "--application-version", "5"]);
  expect(old.exitCode).toBe(1);
  expect(old.err).toMatch(/^unlock: VERSION_NOT_COVERED: .*\n {2}version: 5\n/);
  const third = await unlockIn("barrel", words);
  expect(third.err).toMatch(/^unlock: INSTALLATION_LIMIT: .*\n {2}limit: 2\n$/);
});

test("who is refused is told a reference, and nothing of what is wrong", async () => {
  const words = [...WHO, "--key-file", keyFile, "--name", "Charles Babbage"];
  const { exitCode, err } = await unlockIn("attempt", words);
  expect(exitCode).toBe(1);
  expect(err).toMatch(
    /^unlock: UNLOCK_REFUSED: this does not unlock a license\n {2}support_reference: \w{5}-\w{5}\n$/,
  );
});

test("what is missing is told where nobody can be asked, and nothing is made", async () => {
  const { exitCode, err } = await unlockIn("nowhere", ["--name", "Ada"]);
  expect([exitCode, err]).toEqual([2, "unlock: say --product, --organization, --key-file\n"]);
  expect(await readdir(folder)).not.toContain("nowhere");
});

test("a mistyped key is told before anything is sent", async () => {
  const words = [...WHO, "--key-file", "-", "--activation", "127.0.0.1:9"];
  const slip = `${secret.slice(0, -1)}${secret.endsWith("0") ? "1" : "0"}`;
  const { exitCode, err } = await unlockIn("mill", words, slip);
  expect(exitCode).toBe(1);
  expect(err).toMatch(/^unlock: KEY_CHECK: /);
});
