import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Cluster, startCluster } from "@leasehold/dev-cluster";
import { approveDevice } from "@leasehold/dev-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ran } from "./leasehold.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  cluster = await startCluster({ signIn: true });
  folder = await mkdtemp(join(tmpdir(), "leasehold-login-"));
}, 120_000);
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Runs the command line at somebody's home; lets their browser do what it is asked for, as whom they sign in. */
async function run(who: string, words: readonly string[], signsInAs = who): Promise<Ran> {
  const child = spawn(process.execPath, ["--conditions=source", MAIN, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      XDG_CONFIG_HOME: join(folder, who),
      ...cluster.environment,
      LEASEHOLD_ISSUER: cluster.addresses.issuer,
    },
  });
  let [out, err, opened] = ["", "", false];
  child.stdout.on("data", (chunk: Buffer) => (out += String(chunk)));
  child.stderr.on("data", (chunk: Buffer) => {
    err += String(chunk);
    const [, address] = /^ {2}(http\S+)\n/m.exec(err) ?? [];
    if (address === undefined || opened) return;
    opened = true;
    const person =
      signsInAs === "owner" ? cluster.owner! : { email: `${signsInAs}@acme.example`, name: who };
    approveDevice(address, person).catch((thrown: unknown) => (err += String(thrown)));
  });
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { exitCode, out, err };
}

async function json(who: string, ...words: string[]): Promise<Record<string, unknown>> {
  const { exitCode, out, err } = await run(who, [...words, "--output", "json"]);
  expect([exitCode, err]).toEqual([0, ""]);
  return JSON.parse(out) as Record<string, unknown>;
}

const loginFile = (who: string) => join(folder, who, "leasehold", "login.json");

let referenceId: string;
let customer: string;

test("whoever has not logged in is told so", async () => {
  const { exitCode, err } = await run("ada", ["whoami"]);
  expect([exitCode, err]).toEqual([1, expect.stringContaining("whoami: UNAUTHENTICATED")]);
});

test("a login is kept where its owner alone may read it", async () => {
  const { exitCode, out, err } = await run("ada", ["login"]);
  expect([exitCode, out]).toEqual([0, ""]);
  expect(err).toContain("The code is ");
  expect((await stat(loginFile("ada"))).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, "ada", "leasehold"))).mode & 0o777).toBe(0o700);
  const me = await json("ada", "whoami");
  expect(me).toMatchObject({ email: "ada@acme.example", emailVerified: true });
  expect(me).not.toHaveProperty("account");
});

test("whoever registers administers a customer, and works with it", async () => {
  const registered = await json("ada", "register", "--customer", "Acme GmbH");
  const made = registered["customer"] as Record<string, string>;
  customer = made["name"]!;
  referenceId = made["referenceId"]!;
  expect(await json("ada", "customer", "get", customer)).toMatchObject({
    displayName: "Acme GmbH",
  });
  expect(await json("ada", "license", "list", "--customer", customer)).toEqual([]);
});

test("a colleague joins by the reference id, and is let in", async () => {
  await run("bob", ["login"]);
  const asked = await run("bob", ["join", referenceId]);
  expect([asked.exitCode, asked.out]).toEqual([0, ""]);
  const unseen = await run("bob", ["customer", "get", customer]);
  expect([unseen.exitCode, unseen.err]).toEqual([1, expect.stringContaining("NOT_FOUND")]);
  const [request] = (await json(
    "ada",
    "account",
    "list-join-requests",
    "--customer",
    customer,
  )) as unknown as readonly Record<string, string>[];
  expect(request).toMatchObject({ displayName: "bob", email: "bob@acme.example" });
  await json("ada", "account", "approve-join-request", request!["name"]!, "--role", "USER");
  expect(await json("bob", "customer", "get", customer)).toMatchObject({ name: customer });
});

test("an invitation is accepted by whom it was sent to", async () => {
  const invite = ["account", "invite", "--customer", customer];
  const email = "cy@acme.example";
  const { secret } = await json("ada", ...invite, "--email", email, "--role", "ADMINISTRATOR");
  const file = join(folder, "secret");
  await writeFile(file, String(secret));
  await run("cy", ["login"]);
  expect(await json("cy", "invitation", "accept", "--secret-file", file)).toMatchObject({
    email,
    memberships: [{ customer, role: "ADMINISTRATOR" }],
  });
});

test("a second way to sign in is linked, and leads to the same account", async () => {
  const linked = await run("ada", ["link", "--output", "json"], "ada.private");
  expect(linked.exitCode).toBe(0);
  expect(linked.err).toContain("The code is ");
  const account = JSON.parse(linked.out) as Record<string, unknown>;
  expect(account["identities"]).toHaveLength(2);
  await run("private", ["login"], "ada.private");
  expect((await json("private", "whoami"))["account"]).toMatchObject({
    name: account["name"],
    memberships: [{ customer, role: "ADMINISTRATOR" }],
  });
});

test("what is another account's way to sign in is nobody else's, and who is not signed in links nothing", async () => {
  const taken = await run("bob", ["link"], "ada.private");
  expect([taken.exitCode, taken.out]).toEqual([1, ""]);
  expect(taken.err).toContain("link: ALREADY_EXISTS");
  const stranger = await run("stranger", ["link"]);
  expect([stranger.exitCode, stranger.err]).toEqual([
    1,
    expect.stringContaining("UNAUTHENTICATED"),
  ]);
});

async function changeLogin(who: string, change: object): Promise<Record<string, unknown>> {
  const login = JSON.parse(await readFile(loginFile(who), "utf8")) as Record<string, unknown>;
  await writeFile(loginFile(who), JSON.stringify({ ...login, ...change }));
  return login;
}

test("a login that is over is renewed by itself", async () => {
  const before = await changeLogin("ada", { accessToken: "over", expireTime: 0 });
  await json("ada", "whoami");
  const after = JSON.parse(await readFile(loginFile("ada"), "utf8")) as typeof before;
  expect(after["accessToken"]).not.toBe("over");
  expect(after["expireTime"]).toBeGreaterThan(Date.now());
});

test("a login that cannot be renewed is told of, and stands in nobody's way", async () => {
  await changeLogin("bob", { expireTime: 0, refreshToken: "nonsense" });
  const { exitCode, err } = await run("bob", ["whoami"]);
  expect([exitCode, err]).toEqual([2, expect.stringContaining("say leasehold login")]);
  const open = await run("bob", ["signing", "json-web-keys"]);
  expect(open.exitCode).toBe(0);
});

test("a file that says as whom goes before the login", async () => {
  const words = ["customer", "list", "--token-file", cluster.adminTokenFile];
  expect((await run("ada", words)).exitCode).toBe(0);
  expect((await run("ada", ["customer", "list"])).err).toContain("PERMISSION_DENIED");
});

test("whoever logs out is forgotten", async () => {
  expect(await run("ada", ["logout"])).toMatchObject({ exitCode: 0, err: "signed out\n" });
  await expect(stat(loginFile("ada"))).rejects.toThrow("ENOENT");
  expect((await run("ada", ["logout"])).err).toBe("nobody was signed in\n");
});

test("the owner says who else is an administrator, and cannot leave alone", async () => {
  await run("owner", ["login"]);
  const list = () => json("owner", "administrator", "list");
  const [owner] = (await list()) as unknown as readonly Record<string, unknown>[];
  expect(owner).toMatchObject({ email: cluster.owner!.email, grants: [{ role: "OWNER" }] });
  const { name } = (await json("cy", "whoami"))["account"] as Record<string, string>;
  expect((await run("cy", ["customer", "list"])).err).toContain("PERMISSION_DENIED");
  const granted = ["administrator", "grant", "--account", name!, "--role", "SUPPORT"];
  expect(await json("owner", ...granted)).toMatchObject({
    account: name,
    grants: [{ role: "SUPPORT" }],
  });
  expect((await run("cy", ["customer", "list"])).exitCode).toBe(0);
  const revoke = ["administrator", "revoke", "--role"];
  await json("owner", ...revoke, "SUPPORT", name!, "--yes");
  expect((await run("cy", ["customer", "list"])).err).toContain("PERMISSION_DENIED");
  const leave = await run("owner", [...revoke, "OWNER", String(owner!["account"]), "--yes"]);
  expect([leave.exitCode, leave.err]).toEqual([1, expect.stringContaining("LAST_OWNER")]);
});

test("a bootstrap token is kept where its owner alone may read it, and makes no second owner", async () => {
  const file = join(folder, "bootstrap-token");
  const create = ["administrator", "create-bootstrap-token", "--out", file];
  expect((await run("cy", create)).exitCode).toBe(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, "utf8")).toMatch(/^lh_boot_[\w-]{51}\n$/);
  expect((await run("cy", create)).err).toContain("EEXIST");
  const bootstrap = ["administrator", "bootstrap", "--bootstrap-token-file"];
  expect((await run("cy", [...bootstrap, file])).err).toContain("UNAUTHENTICATED");
  const used = await run("cy", [...bootstrap, cluster.bootstrapTokenFile!]);
  expect([used.exitCode, used.err]).toEqual([1, expect.stringContaining("BOOTSTRAP_ENDED")]);
});
