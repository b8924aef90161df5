import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { leasehold } from "./leasehold.ts";

let cluster: Cluster;
let license: string;

const run = (...words: readonly string[]) => {
  const { activation } = cluster.addresses;
  const where = words[0] === "user" ? ["--activation", activation] : [];
  return leasehold([...words, ...where], cluster);
};

async function json(...words: readonly string[]): Promise<unknown> {
  const { exitCode, out, err } = await run(...words, "--output", "json");
  expect([exitCode, err]).toEqual([0, ""]);
  return JSON.parse(out);
}

beforeAll(async () => {
  cluster = await startCluster();
  const named = async (...words: readonly string[]) =>
    ((await json(...words)) as { readonly name: string }).name;
  const who = ["--display-name", "Acme GmbH", "--reference-id", "ACME"];
  const customer = await named("customer", "create", ...who);
  const what = ["--display-name", "Atlas", "--sales-contact", "s@example.com"];
  await named("product", "create", "atlas", ...what, "--feature", "dataflow=Data flow");
  license = await named(
    ...`license issue --customer ${customer} --product atlas --seats 1 --model NAMED_USER`.split(
      " ",
    ),
    ...`--feature dataflow --start 2020-01-01 --end 2040-01-01`.split(" "),
    "--licensee-name",
    "Ada Lovelace",
    "--licensee-organization",
    "Acme GmbH",
  );
  // It is on its way to activation.
  const isFollowed = async () => {
    const { exitCode, err } = await run("user", "list", license);
    if (exitCode !== 0) throw new Error(err);
  };
  await vi.waitFor(isFollowed, { timeout: 20_000, interval: 500 });
}, 120_000);
afterAll(() => cluster[Symbol.asyncDispose]());

test("a user is named, listed, and named no more", async () => {
  const user = await json("user", "assign", license, "--user", "ada");
  expect(user).toMatchObject({ license, user: "ada" });
  expect(await json("user", "list", license)).toEqual([user]);
  const full = await run("user", "assign", license, "--user", "bob");
  expect([full.exitCode, full.err]).toEqual([1, expect.stringContaining("LIMIT_REACHED")]);
  const tried = await run("user", "unassign", license, "--user", "ada", "--dry-run");
  expect([tried.exitCode, tried.err]).toEqual([0, expect.stringContaining("nothing was changed")]);
  expect((await run("user", "unassign", license, "--user", "ada")).exitCode).not.toBe(0);
  expect(await json("user", "list", license)).toEqual([user]);
  await json("user", "unassign", license, "--user", "ada", "--yes");
  expect(await json("user", "list", license)).toEqual([]);
});
