import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { activation, ChangePolicy, LicenseTerms } from "@leasehold/contracts";
import { systemClock, systemRandom } from "@leasehold/kernel";
import {
  challengeProofId,
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
import { AUDIENCE, FakeActivation } from "./fake-activation.ts";
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

test("the request proves that the private key is at hand, for this challenge and request", async () => {
  await unlock(options());
  const { publicKey, proof, challenge, requestId } = server.requests[0]!;
  expect(server.challenges).toEqual([challenge]);
  expect(await verifyProof(proof, thumbprint(publicKey), AUDIENCE, Date.now())).toMatchObject({
    kind: "verified",
    claims: {
      id: challengeProofId("Unlock", challenge),
      installation: `installations/${requestId}`,
    },
  });
});

test("a machine whose clock is years behind proves itself by the server's", async () => {
  const clock = { now: () => Date.UTC(2020, 0, 1), monotonic: () => 0 };
  const late = unlock(options({ clock }));
  await expect(late).rejects.toMatchObject({ metadata: { fault: "not-yet" } }); // of the file, not of the proof
  const { publicKey, proof } = server.requests[0]!;
  expect(await verifyProof(proof, thumbprint(publicKey), AUDIENCE, Date.now())).toMatchObject({
    kind: "verified",
  });
});

test("a challenge that is over or was used is replaced once, under the same request id", async () => {
  server.staleChallenges = 1;
  await unlock(options());
  expect(server.challenges).toHaveLength(2);
  expect(new Set(server.requests.map(({ requestId }) => requestId)).size).toBe(1);
  server.staleChallenges = 2;
  await expect(unlock(options())).rejects.toMatchObject({ reason: "CHALLENGE_REFUSED" });
});

test("a challenge for another service is not answered", async () => {
  server.audience = "dev.leasehold.local/leasehold.seatbroker.v1.SeatBrokerService";
  await expect(unlock(options())).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
  expect(server.requests).toEqual([]);
});

test("what the application knows of itself and of its machine is sent along", async () => {
  const digest = new Uint8Array(32).fill(3);
  await unlock(
    options({
      applicationVersion: "4.2",
      applicationReleaseTime: Date.UTC(2026, 0, 2),
      machine: {
        evidence: { hypervisor: "kvm", hypervisorBit: true },
        fingerprint: { salt: new Uint8Array(16), components: new Map([["machine-id", digest]]) },
      },
    }),
  );
  expect(server.requests[0]).toMatchObject({
    applicationVersion: "4.2",
    applicationReleaseTime: new Date("2026-01-02T00:00:00Z"),
    evidence: { hypervisor: "kvm", hypervisorBit: true, container: "", vendor: "" },
    fingerprint: { salt: Buffer.alloc(16), components: { "machine-id": Buffer.from(digest) } },
  });
});

test("what people want to read of the license comes with the installation", async () => {
  const [startTime, endTime] = [new Date("2026-01-01T00:00:00Z"), new Date("2027-01-01T00:00:00Z")];
  server.told = {
    terms: LicenseTerms.fromPartial({
      seats: 3,
      features: [{ feature: "dataflow" }, { feature: "diagrams", limit: 20n }],
      startTime,
      endTime,
      changePolicy: ChangePolicy.RESTART_REQUIRED,
    }),
    summary: {
      licenseeName: "Ada Lovelace",
      licenseeOrganization: "Acme",
      productDisplayName: "Studio",
      features: [
        { feature: "dataflow", displayName: "Data flow" },
        { feature: "diagrams", displayName: "Diagrams" },
      ],
      salesContact: "sales@example.com",
      helpContact: "",
    },
    warnings: [
      {
        reason: activation.UnlockWarningReason.VERSION_DIFFERS,
        text: "Version 4 …",
        metadata: { version: "4" },
      },
      { reason: 99 as activation.UnlockWarningReason, text: "News", metadata: {} },
    ],
  };
  expect((await unlock(options())).summary).toEqual({
    licensee: { name: "Ada Lovelace", organization: "Acme" },
    product: "Studio",
    seats: 3,
    features: [
      { feature: "dataflow", displayName: "Data flow" },
      { feature: "diagrams", displayName: "Diagrams", limit: 20n },
    ],
    trial: false,
    startTime: startTime.getTime(),
    endTime: endTime.getTime(),
    maintenanceEndTime: endTime.getTime(),
    changePolicy: "RESTART_REQUIRED",
    salesContact: "sales@example.com",
    helpContact: "",
    warnings: [
      { reason: "VERSION_DIFFERS", text: "Version 4 …", metadata: { version: "4" } },
      { reason: "UNSPECIFIED", text: "News", metadata: {} },
    ],
  });
});

test("what was unlocked opens again without a connection", async () => {
  const { signProof: _, summary: __, mac, ...unlocked } = await unlock(options());
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
    "fingerprint.salt",
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
  expect(await readdir(directory)).not.toContain("license.lic");
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
