import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificateAuthority } from "@leasehold/dev-certificates";
import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { leasehold, type Ran } from "./leasehold.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
}, 120_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const run = (...words: string[]): Promise<Ran> => leasehold(words, cluster);

/** What a command that goes well prints as JSON. */
async function json(...words: string[]): Promise<Record<string, unknown>> {
  const { exitCode, out, err } = await run(...words, "--output", "json");
  expect([exitCode, err]).toEqual([0, ""]);
  return JSON.parse(out) as Record<string, unknown>;
}

let customer: string;
let license: string;

test("a server that does not prove itself is sent nothing, and that is told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "leasehold-authorities-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "authorities.pem");
  await writeFile(file, (await createCertificateAuthority("Somebody else")).authorities);
  const words = ["product", "list"];
  const environment = { LEASEHOLD_TLS_AUTHORITIES_FILE: file };
  const { exitCode, out, err } = await leasehold(words, { ...cluster, environment });
  expect([exitCode, out]).toEqual([1, ""]);
  expect(err).toMatch(
    /^product list: SERVER_UNTRUSTED: the server's certificate is not of an authority that is trusted here: .*\n {2}fault: untrusted\n {2}LEASEHOLD_TLS_AUTHORITIES_FILE names /,
  );
});

test.each([
  [{ LEASEHOLD_TLS_AUTHORITIES_FILE: "/nowhere/ca.pem" }, "cannot be read: /nowhere/ca.pem"],
  [{ LEASEHOLD_PLAINTEXT: "maybe" }, "LEASEHOLD_PLAINTEXT must be on or off"],
])("with %j nothing is called", async (environment, why) => {
  const { exitCode, err } = await leasehold(["product", "list"], { ...cluster, environment });
  expect(exitCode).toBe(2);
  expect(err).toContain(why);
});

test("a customer and a product are created, and shown", async () => {
  const made = await json(
    "customer",
    "create",
    "--display-name",
    "Acme GmbH",
    "--reference-id",
    "ACME",
  );
  customer = String(made["name"]);
  expect(made).toMatchObject({ displayName: "Acme GmbH", state: "ACTIVE", revision: "1" });
  expect(await json("customer", "get", customer)).toEqual(made);
  const product = await json(
    "product",
    "create",
    "atlas",
    "--display-name",
    "Atlas",
    "--sales-contact",
    "s@example.com",
    "--feature",
    "dataflow=Data flow",
    "--counted-feature",
    "diagrams=Diagrams",
  );
  expect(product["features"]).toMatchObject([
    { code: "dataflow", displayName: "Data flow" },
    { code: "diagrams", displayName: "Diagrams" },
  ]);
  expect(await json("product", "get", "atlas")).toEqual(product);
});

test("a license is issued by flags", async () => {
  const made = await json(
    "license",
    "issue",
    "--customer",
    customer,
    "--product",
    "atlas",
    "--seats",
    "3",
    "--licensee-name",
    "Ada Lovelace",
    "--licensee-organization",
    "Acme GmbH",
    "--feature",
    "dataflow",
    "--feature",
    "diagrams=200",
    "--start",
    "2026-01-01",
    "--end",
    "2037-01-01",
    "--validity",
    "60s",
  );
  license = String(made["name"]);
  expect(made).toMatchObject({
    state: "ACTIVE",
    terms: {
      model: "FLOATING",
      seats: 3,
      features: [{ feature: "dataflow" }, { feature: "diagrams", limit: "200" }],
      startTime: "2026-01-01T00:00:00Z",
      leaseTimes: { validity: "60s" },
    },
  });
  expect(await json("license", "get", license)).toEqual(made);
});

test("it is amended at the revision that was seen, and a later one conflicts", async () => {
  const amended = await json("license", "amend", license, "--seats", "5", "--revision", "1");
  expect(amended).toMatchObject({ revision: "2", terms: { seats: 5 } });
  const { exitCode, err } = await run(
    "license",
    "amend",
    license,
    "--seats",
    "6",
    "--revision",
    "1",
  );
  expect(exitCode).toBe(1);
  expect(err).toMatch(/^license amend: REVISION_CONFLICT: .*\n {2}revision: 2\n$/);
});

test("a request that is repeated under its id is carried out once", async () => {
  const words = ["license", "amend", license, "--seats", "7"];
  const repeated = [...words, "--request-id", "01890a5d-ac96-774b-bcce-b302099a8057"];
  const first = await json(...repeated);
  expect(await json(...repeated)).toEqual(first);
});

test("nothing is lost for anybody unless it is meant", async () => {
  const unasked = await run("license", "suspend", license);
  expect([unasked.exitCode, unasked.out]).toEqual([2, ""]);
  expect(unasked.err).toContain("--yes");
  const dry = await run("license", "suspend", license, "--dry-run", "--output", "json");
  expect([dry.exitCode, dry.err]).toEqual([0, "dry run: nothing was changed, this would be\n"]);
  expect(JSON.parse(dry.out)).toMatchObject({ state: "SUSPENDED" });
  expect(await json("license", "get", license)).toMatchObject({ state: "ACTIVE" });
});

test("it is suspended, resumed, and revoked for good", async () => {
  const why = ["--why", "overdue"];
  const suspended = await json("license", "suspend", license, ...why, "--yes");
  expect(suspended).toMatchObject({ state: "SUSPENDED" });
  expect(await json("license", "resume", license)).toMatchObject({ state: "ACTIVE" });
  const { productKey, secret } = await json("key", "create", license);
  expect(secret).toMatch(/^2[0-9A-Z]{4}(-[0-9A-Z]{5}){4}/);
  expect(productKey).toMatchObject({ state: "ACTIVE" });
  expect(await json("license", "revoke", license, "--yes")).toMatchObject({ state: "REVOKED" });
});

test("as a table, what is empty is left out", async () => {
  const { out } = await run("license", "get", license);
  expect(out).toMatch(/^state +REVOKED$/m);
  expect(out).toMatch(/^ {2}features +feature dataflow\n +feature diagrams, limit 200$/m);
  expect(out).not.toMatch(/trial|UNSPECIFIED/);
});

test("each field that is at fault is told, with its flag", async () => {
  const { exitCode, out, err } = await run("customer", "create", "--reference-id", "no good");
  expect([exitCode, out]).toEqual([1, ""]);
  expect(err).toMatch(
    /^customer create: INVALID_REQUEST: .*\n {2}customer\.display_name \(--display-name\): /,
  );
  expect(err).toMatch(/^ {2}customer\.reference_id \(--reference-id\): /m);
});

test("what is not there is refused", async () => {
  const { exitCode, err } = await run("product", "get", "nothing");
  expect(exitCode).toBe(1);
  expect(err).toMatch(/^product get: NOT_FOUND: [^\n]*\n$/);
});
