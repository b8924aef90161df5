import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leasehold } from "./leasehold.ts";

// The machines of a license over their lives, by the command line alone.

let cluster: Cluster;
let folder: string;
let license: string;
let directory: string;
let mill: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "leasehold-machines-"));
  directory = join(folder, "mill");
  cluster = await startCluster();
  await run("product create atlas --feature dataflow=Flow --display-name Atlas");
  const { name } = await json("customer create --display-name Acme --reference-id ACME");
  const sold = await json(
    `license issue --customer ${String(name)} --product atlas --seats 3 --transfers 1`,
    ..."--start 2026-01-01 --end 2099-01-01 --licensee-name Ada".split(" "),
    ..."--licensee-organization Acme".split(" "),
  );
  license = String(sold["name"]);
  const { secret } = await json(`key create ${license}`);
  await writeFile(join(folder, "key"), String(secret));
}, 120_000);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function run(line: string, ...words: string[]): Promise<string> {
  const { exitCode, out, err } = await leasehold([...line.split(" "), ...words], cluster);
  if (exitCode !== 0) throw new Error(`${line} ended with ${exitCode}: ${err}`);
  return out;
}

async function json(line: string, ...words: string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await run(line, ...words, "--output", "json")) as Record<string, unknown>;
}

/** The same of a command that speaks to activation. */
function machine(line: string, ...words: string[]): Promise<Record<string, unknown>> {
  return json(`installation ${line}`, ...words, "--activation", cluster.addresses.activation);
}

async function refused(line: string, ...words: string[]) {
  const all = ["installation", ...line.split(" "), ...words];
  const where = ["--activation", cluster.addresses.activation];
  const { exitCode, err } = await leasehold([...all, ...where], cluster);
  return { exitCode, err };
}

test("a machine that was unlocked is listed, named and refreshed", async () => {
  const unlocked = await json(
    `unlock --product atlas --name Ada --organization Acme --key-file ${join(folder, "key")}`,
    "--directory",
    directory,
    "--activation",
    cluster.addresses.activation,
  );
  mill = String(unlocked["installation"]);
  await machine(`rename ${mill} --to`, "The mill");
  await machine(`refresh --directory ${directory} --application-version 4.2`);
  expect(await machine(`list ${license}`)).toMatchObject([
    { name: mill, displayName: "The mill", applicationVersion: "4.2", state: "ACTIVE" },
  ]);
});

test("it is disabled and enabled; a dry run does nothing, and nobody is asked who is not there", async () => {
  expect(await machine(`disable ${mill} --dry-run`)).toMatchObject({
    state: "DISABLED",
    vendorOnly: true,
  });
  expect(await refused(`disable ${mill}`)).toMatchObject({ exitCode: 2 });
  expect(await machine(`get ${mill}`)).toMatchObject({ state: "ACTIVE" });
  await machine(`disable ${mill} --yes --why lost`);
  const { exitCode, err } = await refused(`refresh --directory ${directory}`);
  expect([exitCode, err]).toEqual([1, expect.stringContaining("INSTALLATION_DISABLED")]);
  expect(await machine(`enable ${mill} --why found`)).toMatchObject({ state: "ACTIVE" });
  await machine(`refresh --directory ${directory}`);
});

test("it moves to this machine as often as it may, and ends", async () => {
  const there = join(folder, "there");
  expect(await refused(`transfer ${mill} --directory ${there}`)).toMatchObject({ exitCode: 2 });
  const moved = await machine(`transfer ${mill} --directory ${there} --yes --why new`);
  expect(moved).toMatchObject({ license, transfersLeft: 0 });
  expect(await machine(`get ${mill}`)).toMatchObject({
    state: "ENDED",
    successor: moved["installation"],
  });
  const again = `transfer ${String(moved["installation"])} --directory ${join(folder, "third")} --yes`;
  const { exitCode, err } = await refused(again);
  expect([exitCode, err]).toEqual([1, expect.stringContaining("TRANSFER_LIMIT")]);
  await machine(`refresh --directory ${there}`);
  await machine(`deactivate ${String(moved["installation"])} --yes`);
  expect(await machine(`list ${license} --filter`, "state = ENDED")).toHaveLength(2);
});
