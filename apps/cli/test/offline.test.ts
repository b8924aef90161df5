import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leasehold, type Ran } from "./leasehold.ts";

// A machine without a connection is licensed by the command line alone: its commands are given
// no address, and have none in their environment.

let cluster: Cluster;
let folder: string;
let license: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "leasehold-offline-"));
  cluster = await startCluster();
  await atDesk("product create atlas --display-name Atlas --feature dataflow=Flow");
  const customer = await atDesk("customer create --display-name Acme --reference-id ACME");
  const issued = await atDesk(
    `license issue --customer ${String(customer["name"])} --product atlas --seats 3`,
    ..."--licensee-name Ada --licensee-organization Acme --feature dataflow".split(" "),
    ..."--start 2026-01-01 --end 2037-01-01".split(" "),
  );
  license = String(issued["name"]);
  const { secret } = await atDesk(`key create ${license}`);
  await writeFile(join(folder, "key.txt"), `${String(secret)}\n`);
}, 120_000);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const path = (name: string) => join(folder, name);

/** What a command of the desk that goes well prints as JSON. */
async function atDesk(line: string, ...words: string[]): Promise<Record<string, unknown>> {
  const ran = await leasehold([...line.split(" "), ...words, "--output", "json"], cluster);
  return JSON.parse(wentWell(ran)) as Record<string, unknown>;
}

/** Where there is a connection. */
const connected = (line: string): Promise<Ran> =>
  leasehold([...line.split(" "), "--activation", cluster.addresses.activation], cluster);

/** Where there is none. */
const inTheBunker = (line: string): Promise<Ran> => leasehold(line.split(" "));

function wentWell({ exitCode, out, err }: Ran): string {
  expect([exitCode, err]).toEqual([0, ""]);
  return out;
}

const REQUEST = () =>
  `offline request --vendor ${path("v.lven")} --product atlas --name Ada --organization Acme --key-file ${path("key.txt")}`;

test("the vendor file is written, once, and shown", async () => {
  expect(wentWell(await connected(`offline vendor --out ${path("v.lven")}`))).toBe("");
  const again = await connected(`offline vendor --out ${path("v.lven")}`);
  expect(again).toMatchObject({ exitCode: 2 });
  const shown = wentWell(await inTheBunker(`offline show ${path("v.lven")}`));
  expect(shown).toMatch(/^file +vendor$/m);
  expect(shown).toMatch(/^holds +Deployment: dev\.leasehold\.local$/m);
});

test("a request file is made, answered, and its response accepted", async () => {
  const [request, response, at] = [path("a.lreq"), path("a.lres"), path("bunker")];
  const made = wentWell(
    await inTheBunker(`${REQUEST()} --directory ${at} --app-version 4.2.0 --out ${request}`),
  );
  expect(made).toMatch(/^request +[0-9a-f-]{36}\nfile +\S+a\.lreq\n$/);
  const shown = wentWell(await inTheBunker(`offline show ${request}`));
  expect(shown).toMatch(/^verifies +yes\npreview +as it should be\nholds +Purpose: UNLOCK\n/m);
  const answered = wentWell(await connected(`offline answer ${request} --out ${response}`));
  expect(answered).toContain(license);
  expect(wentWell(await inTheBunker(`offline show ${response}`))).toMatch(
    /^verifies +not known without --vendor$/m,
  );
  expect(
    wentWell(await inTheBunker(`offline show ${response} --vendor ${path("v.lven")}`)),
  ).toMatch(/^verifies +yes$/m);
  const accepted = wentWell(
    await inTheBunker(`offline accept ${response} --directory ${at} --output json`),
  );
  expect(JSON.parse(accepted)).toMatchObject({ license, seats: 3 });
});

test("without --out the files go to standard output, and nothing else does", async () => {
  const at = path("piped");
  const request = wentWell(await inTheBunker(`${REQUEST()} --directory ${at}`));
  expect(request).toMatch(/^# Leasehold request file\n[^]*-----END LEASEHOLD REQUEST-----\n$/);
  await writeFile(path("b.lreq"), request);
  const response = wentWell(await connected(`offline answer ${path("b.lreq")}`));
  expect(response).toMatch(/^# Leasehold response file\n[^]*-----END LEASEHOLD RESPONSE-----\n$/);
  await writeFile(path("b.lres"), response);
  wentWell(await inTheBunker(`offline accept ${path("b.lres")} --directory ${at}`));
  const refresh = wentWell(await inTheBunker(`offline request --refresh --directory ${at}`));
  expect(refresh).toContain("# Purpose: REFRESH\n");
});

test("a file whose preview was edited shows it, and one that was changed does not verify", async () => {
  const file = await readFile(path("a.lres"), "utf8");
  await writeFile(path("c.lres"), file.replace("# Seats: 3", "# Seats: 300"));
  const vendor = `--vendor ${path("v.lven")}`;
  const shown = wentWell(await inTheBunker(`offline show ${path("c.lres")} ${vendor}`));
  expect(shown).toMatch(/^verifies +yes\npreview +edited$/m);
  expect(shown).toMatch(/^ +Seats: 3 /m);
  await writeFile(path("d.lres"), file.replace(/(BEGIN.*\n)/, "$1\n####"));
  const spoilt = await inTheBunker(`offline show ${path("d.lres")} ${vendor}`);
  expect(spoilt).toMatchObject({
    exitCode: 1,
    err: "offline show: the file is spoilt (malformed)\n",
  });
});

test("why a file is not taken or not answered is told", async () => {
  const elsewhere = await inTheBunker(
    `offline accept ${path("a.lres")} --directory ${path("elsewhere")}`,
  );
  expect(elsewhere).toMatchObject({
    exitCode: 1,
    err: "offline accept: it answers no request that waits in this directory (other-request)\n",
  });
  await writeFile(path("none.lreq"), "Dear vendor,\n");
  const none = await connected(`offline answer ${path("none.lreq")}`);
  expect(none.exitCode).toBe(1);
  expect(none.err).toMatch(/^offline answer: OFFLINE_FILE_REFUSED: .*\n {2}fault: no-block\n$/);
});

test("what is missing on the command line is told before anything is made", async () => {
  const at = path("nothing");
  const without = await inTheBunker(`offline request --directory ${at} --product atlas`);
  expect(without).toMatchObject({
    exitCode: 2,
    err: "offline request: say --vendor, or --refresh\n",
  });
  const both = await inTheBunker(`offline request --refresh --directory ${at} --product atlas`);
  expect(both).toMatchObject({ exitCode: 2 });
});

test("a license is given back by a file, once it is agreed to, and the proof can be written again", async () => {
  const at = path("piped");
  const asked = await inTheBunker(`offline deactivate --directory ${at}`);
  expect(asked).toMatchObject({
    exitCode: 2,
    err: "offline deactivate: nobody can be asked whether this is meant: say --yes\n",
  });
  const out = path("over.lreq");
  const made = wentWell(
    await inTheBunker(`offline deactivate --yes --directory ${at} --out ${out}`),
  );
  expect(made).toMatch(/^request +[0-9a-f-]{36}\nfile +\S+over\.lreq\n$/);
  const proof = await readFile(out, "utf8");
  expect(wentWell(await inTheBunker(`offline deactivate --directory ${at}`))).toBe(proof);
  expect(wentWell(await inTheBunker(`offline show ${out}`))).toMatch(
    /^verifies +yes\n[^]*Purpose: DEACTIVATE\n[^]*Installation: installations\//m,
  );
  for (let n = 0; n < 2; n += 1)
    expect(wentWell(await connected(`offline answer ${out}`))).toMatch(/^state +ENDED$/m);
  const refresh = await inTheBunker(`offline request --refresh --directory ${at}`);
  expect(refresh).toMatchObject({
    exitCode: 1,
    err: "offline request: the installation of this directory was given back (given-back)\n",
  });
});

test("a revoked license ends where the revocation file is accepted", async () => {
  wentWell(await leasehold(["license", "revoke", license, "--yes"], cluster));
  wentWell(await leasehold(["offline", "revocations", "--out", path("r.lrev")], cluster));
  expect(
    wentWell(await inTheBunker(`offline show ${path("r.lrev")} --vendor ${path("v.lven")}`)),
  ).toMatch(/^verifies +yes$/m);
  const accepted = wentWell(
    await inTheBunker(`offline accept ${path("r.lrev")} --directory ${path("bunker")}`),
  );
  expect(accepted).toMatch(/^revoked here +yes$/m);
});
