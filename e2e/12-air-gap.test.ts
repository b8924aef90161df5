import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  featureLimit,
  hasFeature,
  makeOfflineRequest,
  openInstallation,
  takeOfflineResponse,
  takeRevocations,
} from "@leasehold/client";
import { activation, issuer } from "@leasehold/contracts";
import { isProblem, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import {
  formatRevocationFile,
  formatVendorFile,
  parseVendorFile,
  sealPublicKeyOf,
  type Vendor,
} from "@leasehold/license-format";
import { type Client, client } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LICENSEE, type Sale, type Sold } from "./desk/licensing-desk.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  seats: 3,
  features: ["dataflow", "workflow"],
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
};

let story: Story;
let sold: Sold;
/** The only thing that both sides reach: a folder, as on a stick that is carried. */
let stick: string;
/** Where the machine in the bunker keeps its installation. It is given no address of anything. */
let bunker: string;
let desk: AsyncDisposableStack;
let answering: Client<typeof activation.OfflineServiceDefinition>;

beforeAll(async () => {
  story = await openStory();
  sold = await story.desk.sell(SALE);
  stick = join(story.folder, "stick");
  bunker = join(story.folder, "bunker");
  await mkdir(stick);
  desk = new AsyncDisposableStack();
  const channel = desk.use(story.cluster.connect(story.cluster.addresses.activation));
  answering = client(activation.OfflineServiceDefinition, channel);
}, 120_000);

afterAll(async () => {
  await desk.disposeAsync();
  await story[Symbol.asyncDispose]();
});

const put = (name: string, text: string) => writeFile(join(stick, name), text);
const take = (name: string) => readFile(join(stick, name), "utf8");

/** On the connected side: has a file of the stick answered, and puts the answer beside it. */
async function answer(request: string, response: string): Promise<void> {
  const { responseFile } = await answering.answerOfflineRequest({
    requestId: newUuid(systemClock, systemRandom),
    requestFile: await take(request),
  });
  await put(response, responseFile);
}

/** Why the connected side does not answer a file. */
async function refusal(requestFile: string): Promise<string | undefined> {
  const requestId = newUuid(systemClock, systemRandom);
  const thrown = await answering.answerOfflineRequest({ requestId, requestFile }).then(
    () => expect.unreachable("it was answered"),
    (error: unknown) => error,
  );
  if (!isProblem(thrown, "OFFLINE_FILE_REFUSED")) throw thrown;
  return thrown.metadata["fault"];
}

/** In the bunker: takes a text in; tells why not, if it is not taken. */
async function accept(text: string, directory = bunker): Promise<string> {
  const taken = await takeOfflineResponse(directory, text);
  return taken.kind === "refused" ? taken.fault : taken.kind;
}

async function requestFrom(
  directory: string,
  vendorFile?: string,
  { license, productKey } = sold,
): Promise<string> {
  const made = await makeOfflineRequest(directory, {
    purpose: "UNLOCK",
    vendorFile: vendorFile ?? (await take("vendor.lven")),
    product: license.product,
    licenseeName: LICENSEE.name,
    licenseeOrganization: LICENSEE.organization,
    productKey,
    host: "bunker-7",
  });
  if (made.kind === "refused") throw new Error(made.fault);
  return made.requestFile;
}

/** What the machine in the bunker is, as far as it can tell by itself. */
async function inTheBunker() {
  const opened = await openInstallation(bunker, { product: sold.license.product });
  return opened.kind === "unlocked" ? opened.installation : opened;
}

test("1. the vendor file is handed out with the product: it has public keys, and nothing else", async () => {
  const { vendorFile } = await answering.getVendorFile({});
  await put("vendor.lven", vendorFile);
  expect(vendorFile).toContain(`# Deployment: ${story.cluster.deployment}\n`);
});

test("2. in the bunker the key is typed, and a request file is written that does not tell it", async () => {
  await put("bunker.lreq", await requestFrom(bunker));
  const written = await take("bunker.lreq");
  expect(written).toContain("# Purpose: UNLOCK\n");
  const body = Buffer.from(written.split("-----")[2] ?? "", "base64").toString();
  const parts = body.split(/[."]/).map((part) => Buffer.from(part, "base64url").toString());
  for (const text of [written, body, ...parts]) expect(text).not.toContain(sold.productKey);
  expect(await inTheBunker()).toEqual({ kind: "locked" });
});

test("3. the file is carried out and answered, by somebody who proves nothing of themselves", async () => {
  await answer("bunker.lreq", "bunker.lres");
  expect(await take("bunker.lres")).toContain(`# License: ${sold.license.name}\n`);
});

test("4. the response is carried in, and the installation opens: what was bought is enabled", async () => {
  expect(await accept(await take("bunker.lres"))).toBe("taken");
  const installation = await inTheBunker();
  expect(installation).toMatchObject({
    deployment: story.cluster.deployment,
    licensee: LICENSEE,
    license: { license: sold.license.name, seats: 3, state: "active" },
  });
  const license = "license" in installation ? installation.license : undefined;
  const has = (feature: string) => hasFeature(license!, feature, Date.now());
  expect(["dataflow", "workflow", "reporting"].map(has)).toEqual([true, true, false]);
  expect(featureLimit(license!, "reporting", Date.now())).toBe(0n);
});

test("5. it opens with the whole cluster gone", async () => {
  for (const service of ["seat-broker", "activation", "issuer"] as const)
    await story.cluster.kill(service);
  expect(await inTheBunker()).toMatchObject({ license: { state: "active" } });
  for (const service of ["issuer", "activation", "seat-broker"] as const)
    await story.cluster.restart(service);
}, 120_000);

test("6. a response that was lost on the way is had again with the same file, to the byte", async () => {
  await answer("bunker.lreq", "again.lres");
  expect(await take("again.lres")).toBe(await take("bunker.lres"));
  expect(await accept(await take("again.lres"))).toBe("taken");
});

test("7. a request file that was edited, doubled, cut off or sealed elsewhere is not answered", async () => {
  const file = await take("bunker.lreq");
  expect(await refusal(file.replace(/(BEGIN.*\n.{40})./, "$1_"))).toBe("malformed");
  expect(await refusal(file + file)).toBe("doubled");
  expect(await refusal(file.slice(0, -200))).toBe("truncated");
  const vendor = parseVendorFile(await take("vendor.lven"));
  if (vendor.kind === "refused") throw new Error(vendor.fault);
  const foreign = (change: Partial<Vendor>) =>
    requestFrom(join(story.folder, "misled"), formatVendorFile({ ...vendor, ...change }));
  expect(await refusal(await foreign({ deployment: "other.example" }))).toBe("wrong-audience");
  const sealKey = sealPublicKeyOf(new Uint8Array(32).fill(9));
  expect(await refusal(await foreign({ sealKey }))).toBe("unknown-seal-key");
});

test("8. a response that was edited, or made for another machine, is not taken in", async () => {
  const response = await take("bunker.lres");
  expect(await accept(response.slice(0, -200))).toBe("truncated");
  expect(await accept(response + response)).toBe("doubled");
  const other = join(story.folder, "other-bunker");
  await requestFrom(other);
  expect(await accept(response, other)).toBe("foreign-key");
  expect(await accept(response, join(story.folder, "third-bunker"))).toBe("other-request");
  expect(await openInstallation(other)).toEqual({ kind: "locked" });
});

test("9. the license grows, and the bunker learns of it by a second pair of files", async () => {
  await story.desk.amend(sold.license.name, { ...SALE, seats: 5 }, ["seats"]);
  const made = await makeOfflineRequest(bunker, { purpose: "REFRESH", host: "bunker-7" });
  await put("refresh.lreq", made.kind === "made" ? made.requestFile : "");
  await answer("refresh.lreq", "refresh.lres");
  expect(await accept(await take("refresh.lres"))).toBe("taken");
  expect(await inTheBunker()).toMatchObject({ license: { seats: 5 } });
  expect(await accept(await take("bunker.lres"))).toBe("other-request");
  expect(await inTheBunker()).toMatchObject({ license: { seats: 5 } });
});

test("10. the license is revoked, and the revocation list is carried in as a file", async () => {
  await story.desk.revoke(sold.license.name);
  const made = await makeOfflineRequest(bunker, { purpose: "REFRESH" });
  const requestId = newUuid(systemClock, systemRandom);
  const requestFile = made.kind === "made" ? made.requestFile : "";
  await expect(answering.answerOfflineRequest({ requestId, requestFile })).rejects.toMatchObject({
    reason: "LICENSE_REVOKED",
  });
  expect(await inTheBunker()).toMatchObject({ license: { state: "active" } });
  await put("vendor.lrev", await revocationFile());
  expect(await takeRevocations(bunker, await take("vendor.lrev"))).toMatchObject({
    kind: "taken",
    revoked: true,
  });
  expect(await inTheBunker()).toEqual({ kind: "refused", fault: "revoked" });
  expect(await readdir(stick)).toContain("vendor.lrev");
});

test("11. a machine that is scrapped gives its license back by a file, and another one has the place", async () => {
  const only = await story.desk.sell({
    ...SALE,
    terms: { installationPolicy: { installations: 1 } },
  });
  const [scrapped, successor] = [join(story.folder, "scrapped"), join(story.folder, "successor")];
  await put("scrapped.lreq", await requestFrom(scrapped, undefined, only));
  await answer("scrapped.lreq", "scrapped.lres");
  expect(await accept(await take("scrapped.lres"), scrapped)).toBe("taken");
  await put("successor.lreq", await requestFrom(successor, undefined, only));
  await expect(answer("successor.lreq", "successor.lres")).rejects.toMatchObject({
    reason: "INSTALLATION_LIMIT",
  });
  const copy = join(story.folder, "copy");
  await cp(scrapped, copy, { recursive: true });

  await put("over.lreq", await proofFrom(scrapped));
  expect(await openInstallation(scrapped)).toEqual({ kind: "refused", fault: "given-back" });
  const [file, other] = [await take("over.lreq"), await proofFrom(copy)];
  expect(await refusal(file + file)).toBe("doubled");
  expect(await refusal(file.slice(0, -200))).toBe("truncated");
  const first = await bring(file);
  expect(first).toMatchObject({
    responseFile: "",
    installation: {
      state: activation.InstallationState.ENDED,
      stateChange: { why: "deactivated by proof" },
    },
  });
  expect(await bring(file)).toEqual(first);
  await expect(bring(other)).rejects.toMatchObject({ reason: "INSTALLATION_ENDED" });

  await answer("successor.lreq", "successor.lres");
  expect(await accept(await take("successor.lres"), successor)).toBe("taken");
  expect((await openInstallation(successor)).kind).toBe("unlocked");
});

/** On the machine that is scrapped: ends its installation, and tells the proof of it. */
async function proofFrom(directory: string): Promise<string> {
  const made = await makeOfflineRequest(directory, { purpose: "DEACTIVATE", host: "bunker-7" });
  if (made.kind === "refused") throw new Error(made.fault);
  return made.requestFile;
}

const bring = (requestFile: string) =>
  answering.answerOfflineRequest({ requestId: newUuid(systemClock, systemRandom), requestFile });

async function revocationFile(): Promise<string> {
  await using channel = story.cluster.connect(story.cluster.addresses.issuer);
  const signing = client(issuer.SigningServiceDefinition, channel);
  const issuing = client(issuer.IssuerServiceDefinition, channel);
  const { revocationList } = await signing.getRevocationList({});
  const { trustBundle } = await issuing.getTrustBundle({});
  return formatRevocationFile({ revocations: revocationList, trust: trustBundle });
}
