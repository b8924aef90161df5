import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { systemClock, systemRandom } from "@leasehold/kernel";
import {
  generateKeyPair,
  newProductKey,
  signBorrow,
  signingKey,
  thumbprint,
  verifyProof,
} from "@leasehold/license-format";
import { afterEach, beforeEach, expect, test } from "vitest";
import { borrowDirectory } from "../src/borrow-directory.ts";
import { featureLimit, hasFeature } from "../src/license-facts.ts";
import { openInstallation } from "../src/open-installation.ts";
import { unlock, type UnlockOptions } from "../src/unlock.ts";
import { FakeActivation } from "./fake-activation.ts";
import { failure } from "./fake-server.ts";

let server: FakeActivation;
let home: string;
let directory: string;

beforeEach(async () => {
  server = await FakeActivation.start();
  home = await mkdtemp(join(tmpdir(), "leasehold client "));
  directory = join(home, "licensing");
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

const options = (more: Partial<UnlockOptions> = {}): UnlockOptions => ({
  activation: server.address,
  product: "products/studio",
  licenseeName: "Ada Lovelace",
  licenseeOrganization: "Acme",
  productKey: newProductKey(systemRandom).text,
  directory,
  trustRoot: server.root.publicKey,
  ...more,
});

test("unlocking yields a verified installation with its features, limits and term", async () => {
  const installation = await unlock(options({ host: "mill" }));
  expect(installation).toMatchObject({
    name: "installations/0190f5fe-7c00-7a00-8000-000000000002",
    deployment: "dev.leasehold.local",
    product: "products/studio",
    licensee: { name: "Ada Lovelace", organization: "Acme" },
    license: { revision: 4n, state: "active", seats: 3 },
  });
  const now = Date.now();
  expect(hasFeature(installation.license, "dataflow", now)).toBe(true);
  expect(hasFeature(installation.license, "workflow", now)).toBe(false);
  expect(featureLimit(installation.license, "diagrams", now)).toBe(20n);
  expect(hasFeature(installation.license, "dataflow", installation.license.endTime)).toBe(false);
  expect(server.requests[0]).toMatchObject({ licenseeName: "Ada Lovelace", host: "mill" });
});

test("what was unlocked opens again without a connection", async () => {
  const { signProof: _, mac, ...unlocked } = await unlock(options());
  await server[Symbol.asyncDispose]();
  const opened = await openInstallation(directory, { product: "products/studio" });
  expect(opened).toMatchObject({ kind: "unlocked", installation: unlocked });
  // What the one process notes the other one believes.
  const noted = opened.kind === "unlocked" ? opened.installation.mac("note") : "";
  expect(noted).toBe(mac("note"));
});

test("key and license file are for their owner alone, and nothing else is left in the directory", async () => {
  await unlock(options());
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await readdir(directory)).toSorted()).toEqual([
    "installation.key",
    "license.lic",
    "trust-root",
  ]);
  for (const name of await readdir(directory))
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
});

test("the installation proves itself with the key that it was unlocked with", async () => {
  const installation = await unlock(options());
  const now = systemClock.now();
  const proof = await installation.signProof({
    audience: "dev.leasehold.local/x.Y",
    issuedAt: now,
    expiresAt: now + 60_000,
    id: "proof-1",
  });
  const key = thumbprint(server.requests[0]!.publicKey);
  expect(await verifyProof(proof, key, "dev.leasehold.local/x.Y", now)).toMatchObject({
    kind: "verified",
    claims: { installation: installation.name },
  });
});

test("the private key does not show when an installation is printed", async () => {
  const installation = await unlock(options());
  const key = (await readFile(join(directory, "installation.key"), "utf8")).trim();
  expect(JSON.stringify({ ...installation, license: "" })).not.toContain(key);
});

test("a failed unlocking keeps the key, so that the next one is the same installation", async () => {
  server.refusal = failure(status.PERMISSION_DENIED, "UNLOCK_REFUSED");
  await expect(unlock(options())).rejects.toMatchObject({ reason: "UNLOCK_REFUSED" });
  expect(await openInstallation(directory)).toEqual({ kind: "locked" });
  server.refusal = undefined;
  await unlock(options());
  const [first, second] = server.requests;
  expect(first!.publicKey.equals(second!.publicKey)).toBe(true);
  expect(first!.requestId).not.toBe(second!.requestId);
});

test("unlocking twice at a time makes one key", async () => {
  await Promise.all([unlock(options()), unlock(options()), unlock(options())]);
  expect(new Set(server.requests.map(({ publicKey }) => publicKey.toString("hex"))).size).toBe(1);
});

test("a mistyped key is told without a call, and what is wrong with it", async () => {
  const { text } = newProductKey(systemRandom);
  const mistyped = `${text.slice(0, -1)}${text.endsWith("A") ? "B" : "A"}`;
  await expect(unlock(options({ productKey: mistyped }))).rejects.toMatchObject({
    reason: "KEY_CHECK",
    message: expect.stringContaining("wrong") as string,
  });
  expect(server.requests).toEqual([]);
});

test("a key of an earlier generation is told without a call, and what to do", async () => {
  const productKey = "LH1-ABCD-EFGH-JKMN";
  await expect(unlock(options({ productKey }))).rejects.toMatchObject({
    reason: "KEY_GENERATION_RETIRED",
    metadata: { advice: expect.stringMatching(/.+/) as string },
  });
  expect(server.requests).toEqual([]);
});

test.each([
  ["for another product", () => void (server.product = "products/other"), "wrong-audience"],
  ["that is none", () => void (server.licenseFile = "# nothing"), "no-block"],
])("a license file %s is refused and not stored", async (_, tamper, fault) => {
  tamper();
  await expect(unlock(options())).rejects.toMatchObject({
    reason: "UNAUTHENTICATED",
    metadata: { fault },
  });
  expect(await readdir(directory)).toEqual(["installation.key"]);
});

test("a license file made out to another key is refused", async () => {
  server.publicKey = (await generateKeyPair()).publicKey;
  await expect(unlock(options())).rejects.toMatchObject({ metadata: { fault: "foreign-key" } });
});

test("a cluster that does not have the pinned root is refused", async () => {
  const trustRoot = (await generateKeyPair()).publicKey;
  await expect(unlock(options({ trustRoot }))).rejects.toMatchObject({
    metadata: { fault: "unknown-key" },
  });
});

test("without a pinned root, the one that the first answer brings is kept and asked for later", async () => {
  const { trustRoot: _, ...unpinned } = options();
  await unlock(unpinned);
  expect(await openInstallation(directory)).toMatchObject({ kind: "unlocked" });
  const other = Buffer.from((await generateKeyPair()).publicKey).toString("hex");
  await writeFile(join(directory, "trust-root"), other);
  expect(await openInstallation(directory)).toEqual({ kind: "refused", fault: "unknown-key" });
});

test("a root that was trusted once is asked for when the installation is unlocked again", async () => {
  const { trustRoot: _, ...unpinned } = options();
  await unlock(unpinned);
  await using impostor = await FakeActivation.start();
  await expect(unlock({ ...unpinned, activation: impostor.address })).rejects.toMatchObject({
    reason: "UNAUTHENTICATED",
    metadata: { fault: "unknown-key" },
  });
  expect(await openInstallation(directory)).toMatchObject({ kind: "unlocked" });
  await unlock(options({ activation: impostor.address, trustRoot: impostor.root.publicKey }));
});

test("a spoilt root file is told, and makes nobody else's root trusted", async () => {
  const { trustRoot: _, ...unpinned } = options();
  await unlock(unpinned);
  await writeFile(join(directory, "trust-root"), "spoilt");
  await expect(unlock(unpinned)).rejects.toThrow("holds no root key");
  await expect(openInstallation(directory)).rejects.toThrow("holds no root key");
});

test("without a pinned root, an answer that brings none is refused", async () => {
  server.bringsRoot = false;
  const { trustRoot: _, ...unpinned } = options();
  await expect(unlock(unpinned)).rejects.toMatchObject({ metadata: { fault: "no-trust-root" } });
});

test("an edited license file, and one past its refresh date, do not open", async () => {
  const installation = await unlock(options());
  const late = { now: () => installation.refreshBy, monotonic: () => 0 };
  expect(await openInstallation(directory, { clock: late })).toEqual({
    kind: "refused",
    fault: "expired",
  });
  const path = join(directory, "license.lic");
  const file = await readFile(path, "utf8");
  await writeFile(path, file.slice(0, file.length / 2));
  expect(await openInstallation(directory)).toMatchObject({ kind: "refused" });
});

test("past its refresh date an installation opens for as long as it has a borrowed seat", async () => {
  const { publicKey, privateKey } = await generateKeyPair();
  server.trusted.push({ purpose: "lease", publicKey });
  const installation = await unlock(options());
  const { deployment, product, license, refreshBy, publicKeyThumbprint } = installation;
  const lease = Buffer.alloc(32, 7);
  const borrow = await signBorrow(signingKey("lease", privateKey), {
    deployment,
    product,
    installation: installation.name,
    publicKeyThumbprint,
    license: license.license,
    lease: lease.toString("base64url"),
    fencingToken: 1n,
    seats: 1,
    features: [],
    holder: { user: "", host: "", process: "" },
    issuedAt: refreshBy - 60_000,
    endTime: refreshBy + 60_000,
    id: "borrow-1",
  });
  const record = { lease: lease.toString("hex"), borrow, leaseToken: "", overdraft: false };
  await borrowDirectory(directory).keep({ ...record, behindMs: 0 }, refreshBy - 60_000);
  const at = (now: number) => ({ clock: { now: () => now, monotonic: () => 0 } });
  const refused = { kind: "refused", fault: "expired" };
  expect(await openInstallation(directory, at(refreshBy + 59_999))).toMatchObject({
    kind: "unlocked",
    installation: { name: installation.name },
  });
  expect(await openInstallation(directory, at(refreshBy + 60_000))).toEqual(refused);
  const other = { ...at(refreshBy), product: "products/other" };
  expect(await openInstallation(directory, other)).toMatchObject({ kind: "refused" });
  await borrowDirectory(directory).startReturn(record.lease);
  expect(await openInstallation(directory, at(refreshBy))).toEqual(refused);
});

test("a directory that holds nothing, or is not there, is locked", async () => {
  expect(await openInstallation(directory)).toEqual({ kind: "locked" });
  await chmod(home, 0o700);
  expect(await openInstallation(home)).toEqual({ kind: "locked" });
});
