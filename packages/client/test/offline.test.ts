import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@leasehold/kernel";
import {
  generateKeyPair,
  newProductKey,
  parseRequestFile,
  verifyOfflineRequest,
} from "@leasehold/license-format";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  hasFeature,
  makeOfflineRequest,
  type OfflineUnlockOptions,
  openInstallation,
  takeOfflineResponse,
  takeRevocations,
} from "../src/index.ts";
import { INSTALLATION_ID, LICENSE_ID, OfflineVendor } from "./offline-vendor.ts";

const DAY_MS = 86_400_000;

let vendor: OfflineVendor;
let home: string;
let directory: string;

beforeEach(async () => {
  vendor = await OfflineVendor.open();
  home = await mkdtemp(join(tmpdir(), "offline-"));
  directory = join(home, "installation");
});
afterEach(() => rm(home, { recursive: true }));

const KEY = newProductKey(systemRandom).text;

function unlockOptions(given: Partial<OfflineUnlockOptions> = {}): OfflineUnlockOptions {
  return {
    purpose: "UNLOCK",
    vendorFile: vendor.vendorFile,
    product: "products/studio",
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Acme",
    productKey: KEY,
    host: "bunker-7",
    version: "4.2.0",
    ...given,
  };
}

async function made(
  options: Parameters<typeof makeOfflineRequest>[1] = unlockOptions(),
  at = directory,
): Promise<string> {
  const request = await makeOfflineRequest(at, options);
  if (request.kind === "refused") throw new Error(request.fault);
  return request.requestFile;
}

/** What becomes of a response file: `taken`, or why it is not. */
async function outcome(responseFile: string, at = directory, now = Date.now()): Promise<string> {
  const clock = { now: () => now, monotonic: () => 0 };
  const taken = await takeOfflineResponse(at, responseFile, { clock });
  return taken.kind === "refused" ? taken.fault : taken.kind;
}

async function opened(now = Date.now()): Promise<string> {
  const clock = { now: () => now, monotonic: () => 0 };
  const installation = await openInstallation(directory, { clock });
  return installation.kind === "refused" ? installation.fault : installation.kind;
}

async function revision(): Promise<bigint | undefined> {
  const installation = await openInstallation(directory);
  return installation.kind === "unlocked" ? installation.installation.license.revision : undefined;
}

test("a request is carried out, a response in, and the installation opens without a connection", async () => {
  const requestFile = await made();
  expect(await opened()).toBe("locked");
  const taken = await takeOfflineResponse(directory, await vendor.answer(requestFile));
  expect(taken).toMatchObject({
    kind: "taken",
    installation: {
      name: `installations/${INSTALLATION_ID}`,
      deployment: "dev.leasehold.local",
      product: "products/studio",
      license: { seats: 3 },
    },
  });
  const installation = await openInstallation(directory, { product: "products/studio" });
  expect(installation.kind).toBe("unlocked");
  const license = installation.kind === "unlocked" ? installation.installation.license : undefined;
  expect(hasFeature(license!, "dataflow", Date.now())).toBe(true);
  expect(vendor.secrets).toEqual([
    { licenseeName: "Ada Lovelace", licenseeOrganization: "Acme", productKey: KEY },
  ]);
});

test("a request tells of the machine what it is given, and nothing of the product key", async () => {
  const evidence = { hypervisor: "kvm" };
  const [salt, digest] = [new Uint8Array(16).fill(1), new Uint8Array(32).fill(2)];
  const components = new Map([["machine-id", digest]]);
  const machine = { evidence, fingerprint: { salt, components } };
  const file = await made(unlockOptions({ machine }));
  const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const fingerprint = {
    salt: base64url(salt),
    components: { "machine-id": base64url(digest) },
  };
  const parsed = parseRequestFile(file);
  const request = parsed.kind === "parsed" ? parsed.request : "";
  expect(await verifyOfflineRequest(request, { now: Date.now() })).toMatchObject({
    kind: "verified",
    claims: { host: "bunker-7", version: "4.2.0", fingerprint, evidence },
  });
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of names.filter((entry) => entry.isFile())) {
    const text = await readFile(join(parentPath, name), "utf8");
    for (const group of KEY.split("-")) expect(text).not.toContain(group);
    expect((await stat(join(parentPath, name))).mode & 0o777).toBe(0o600);
  }
});

test("a key that is mistyped or of an earlier generation is told before anything is written", async () => {
  const mistyped = `${KEY.slice(0, -1)}${KEY.endsWith("A") ? "B" : "A"}`;
  await expect(made(unlockOptions({ productKey: mistyped }))).rejects.toMatchObject({
    reason: "KEY_CHECK",
  });
  await expect(made(unlockOptions({ productKey: "LH1-ABCD-EFGH-JKMN" }))).rejects.toMatchObject({
    reason: "KEY_GENERATION_RETIRED",
  });
  expect(await readdir(home)).toEqual([]);
});

test("a vendor file that is spoilt, or none, is refused", async () => {
  const fault = async (vendorFile: string) => {
    const request = await makeOfflineRequest(directory, unlockOptions({ vendorFile }));
    return request.kind === "refused" ? request.fault : request.kind;
  };
  expect(await fault("")).toBe("no-block");
  expect(await fault(vendor.vendorFile + vendor.vendorFile)).toBe("doubled");
  expect(await fault(vendor.vendorFile.slice(0, -40))).toBe("truncated");
});

test("a wrong vendor file can be put right until something was unlocked, and then no more", async () => {
  const other = await OfflineVendor.open();
  await made(unlockOptions({ vendorFile: other.vendorFile }));
  expect(await outcome(await vendor.answer(await made()))).toBe("taken");
  expect(
    await makeOfflineRequest(directory, unlockOptions({ vendorFile: other.vendorFile })),
  ).toEqual({ kind: "refused", fault: "other-root" });
  expect(await outcome(await vendor.answer(await made()))).toBe("taken");
});

test("a response that another root signed is refused", async () => {
  const impostor = await OfflineVendor.open();
  const requestFile = await made();
  expect(await outcome(await impostor.answer(requestFile))).toBe("unknown-key");
  expect(await opened()).toBe("locked");
  expect(await outcome(await vendor.answer(requestFile))).toBe("taken");
});

test("a response to another machine's request is refused", async () => {
  const elsewhere = join(home, "elsewhere");
  const response = await vendor.answer(await made(unlockOptions(), elsewhere));
  await made();
  expect(await outcome(response)).toBe("foreign-key");
  expect(await outcome(response, join(home, "nowhere"))).toBe("other-request");
  expect(await outcome(response, elsewhere)).toBe("taken");
});

test("a response for another key is refused, though it answers this machine's request", async () => {
  const { publicKey } = await generateKeyPair();
  expect(await outcome(await vendor.answer(await made(), { publicKey }))).toBe("foreign-key");
});

test("a response to no request that waits is refused", async () => {
  const response = await vendor.answer(await made());
  await rm(join(directory, "offline"), { recursive: true });
  expect(await outcome(response)).toBe("other-request");
});

test("whichever of several requests is answered, the response is taken", async () => {
  const [first, second] = [await made(), await made()];
  expect(await outcome(await vendor.answer(first, { revision: 1 }))).toBe("taken");
  expect(await outcome(await vendor.answer(second, { revision: 2 }))).toBe("taken");
  expect(await revision()).toBe(2n);
  expect(await readdir(join(directory, "offline"))).toEqual([]);
});

test("an older response never takes a newer license's place", async () => {
  const now = Date.now();
  const [first, second] = [await made(), await made()];
  const older = await vendor.answer(second, { issuedAt: now - 10_000, revision: 1 });
  const newer = await vendor.answer(first, { issuedAt: now - 5_000, revision: 2 });
  expect(await outcome(newer)).toBe("taken");
  expect(await outcome(older)).toBe("older");
  expect(await revision()).toBe(2n);
});

test("nor does one of an older trust bundle", async () => {
  const [first, second] = [await made(), await made()];
  expect(await outcome(await vendor.answer(first, { trustVersion: 7 }))).toBe("taken");
  expect(await outcome(await vendor.answer(second, { trustVersion: 6 }))).toBe("older-bundle");
});

test("a response that is taken again changes nothing", async () => {
  const response = await vendor.answer(await made());
  expect([await outcome(response), await outcome(response)]).toEqual(["taken", "taken"]);
  const waiting = await made({ purpose: "REFRESH" });
  expect(await outcome(response)).toBe("taken");
  expect(await outcome(await vendor.answer(waiting, { revision: 2 }))).toBe("taken");
  expect(await outcome(response)).toBe("other-request");
  expect(await revision()).toBe(2n);
});

test.each<[string, (file: string) => string, string]>([
  ["empty", () => "", "no-block"],
  ["doubled", (file) => file + file, "doubled"],
  ["cut off", (file) => file.slice(0, -100), "truncated"],
  ["part of a letter", (file) => `Dear customer,\n${file}`, "stray-text"],
  ["missing a line", (file) => file.replace(/(BEGIN.*\n).*\n/, "$1"), "malformed"],
  ["too large", (file) => file + "\n".repeat(81 * 1024), "too-large"],
  ["edited in a certificate", (file) => editedIn(file, "license"), "signature"],
  ["said to answer another request", (file) => editedIn(file, "request"), "mismatched"],
])("a response file that is %s is refused, and changes nothing", async (_, spoil, fault) => {
  const response = await vendor.answer(await made());
  const before = await readdir(directory, { recursive: true });
  expect(await outcome(spoil(response))).toBe(fault);
  expect(await readdir(directory, { recursive: true })).toEqual(before);
  expect(await outcome(response.replaceAll("\n", "\r\n"))).toBe("taken");
});

/** The file with something else in one of its members. */
function editedIn(file: string, member: "license" | "request"): string {
  const [, before = "", body = "", after = ""] =
    /^([^]*BEGIN.*\n)([^-]*)(\n-[^]*)$/.exec(file) ?? [];
  const content = JSON.parse(Buffer.from(body, "base64").toString()) as Record<string, string>;
  const edited =
    member === "request"
      ? INSTALLATION_ID
      : content["license"]!.replace(/\.(.*)\./, (_, payload: string) => `.${more(payload)}.`);
  const base64 = Buffer.from(JSON.stringify({ ...content, [member]: edited })).toString("base64");
  return `${before}${base64}${after}`;
}

function more(payload: string): string {
  const json = Buffer.from(payload, "base64url").toString();
  return Buffer.from(json.replace('"seats":3', '"seats":9')).toString("base64url");
}

test("a license is refreshed by files, after its refresh date too", async () => {
  const long = Date.now() - 60 * DAY_MS;
  const past = { now: () => long, monotonic: () => 0 };
  const first = await vendor.answer(await made(), { issuedAt: long });
  expect((await takeOfflineResponse(directory, first, { clock: past })).kind).toBe("taken");
  expect(await opened()).toBe("expired");
  const request = await made({ purpose: "REFRESH", host: "bunker-7" });
  expect(request).toContain(`# Installation: installations/${INSTALLATION_ID}\n`);
  expect(await outcome(await vendor.answer(request))).toBe("taken");
  expect(await opened()).toBe("unlocked");
});

test("where nothing is unlocked there is nothing to refresh", async () => {
  const locked = { kind: "refused", fault: "locked" };
  expect(await makeOfflineRequest(directory, { purpose: "REFRESH" })).toEqual(locked);
  await made();
  expect(await makeOfflineRequest(directory, { purpose: "REFRESH" })).toEqual(locked);
});

test("a license file that is spoilt is told, and can be unlocked anew", async () => {
  await outcome(await vendor.answer(await made()));
  await writeFile(join(directory, "license.lic"), "spoilt");
  expect(await makeOfflineRequest(directory, { purpose: "REFRESH" })).toEqual({
    kind: "refused",
    fault: "no-block",
  });
  expect(await outcome(await vendor.answer(await made()))).toBe("taken");
  expect(await opened()).toBe("unlocked");
});

/** What becomes of a revocation file. */
async function revocation(file: string): Promise<string | boolean> {
  const taken = await takeRevocations(directory, file);
  return taken.kind === "refused" ? taken.fault : taken.revoked;
}

test("a revocation file that names the license or the installation ends it here", async () => {
  expect(await revocation(await vendor.revocationFile({}))).toBe("no-trust-root");
  await outcome(await vendor.answer(await made()));
  expect(await revocation(await vendor.revocationFile({ version: 1 }))).toBe(false);
  expect(await opened()).toBe("unlocked");
  const installations = [{ id: INSTALLATION_ID, revokedAt: Date.now() + 1_000 }];
  expect(await revocation(await vendor.revocationFile({ version: 2, installations }))).toBe(true);
  expect(await opened()).toBe("revoked");
  expect(await revocation(await vendor.revocationFile({ version: 3 }))).toBe(false);
  expect(
    await revocation(await vendor.revocationFile({ version: 4, licenses: [LICENSE_ID] })),
  ).toBe(true);
  expect(await opened()).toBe("revoked");
});

test("an older revocation list does not take a newer one's place, nor one of another root", async () => {
  await outcome(await vendor.answer(await made()));
  await revocation(await vendor.revocationFile({ version: 2, licenses: [LICENSE_ID] }));
  expect(await revocation(await vendor.revocationFile({ version: 1 }))).toBe("older-list");
  const impostor = await OfflineVendor.open();
  expect(await revocation(await impostor.revocationFile({ version: 9 }))).toBe("unknown-key");
  expect(await revocation("")).toBe("no-block");
  expect(await opened()).toBe("revoked");
});

test("certificates that were issued after an installation's revocation open again", async () => {
  await outcome(await vendor.answer(await made(), { issuedAt: Date.now() - 20_000 }));
  const installations = [{ id: INSTALLATION_ID, revokedAt: Date.now() - 10_000 }];
  expect(await revocation(await vendor.revocationFile({ installations }))).toBe(true);
  expect(await outcome(await vendor.answer(await made({ purpose: "REFRESH" })))).toBe("taken");
  expect(await opened()).toBe("unlocked");
});
