import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProblem, systemRandom } from "@leasehold/kernel";
import {
  newProductKey,
  parseRequestFile,
  publicKeyOf,
  verifyOfflineRequest,
} from "@leasehold/license-format";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  makeOfflineRequest,
  openInstallation,
  refreshInstallation,
  takeOfflineResponse,
  unlock,
} from "../src/index.ts";
import { FakeActivation } from "./fake-activation.ts";
import { OfflineVendor } from "./offline-vendor.ts";

const DAY_MS = 86_400_000;
const KEY = newProductKey(systemRandom).text;

let server: FakeActivation;
let home: string;
let directory: string;

beforeEach(async () => {
  server = await FakeActivation.start();
  home = await mkdtemp(join(tmpdir(), "give-back-"));
  directory = join(home, "licensing");
  await unlockHere();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

function unlockHere(where = directory) {
  return unlock({
    activation: server.address,
    product: "products/studio",
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Acme",
    productKey: KEY,
    directory: where,
    trustRoot: server.root.publicKey,
  });
}

const refresh = () => refreshInstallation({ activation: server.address, directory });

const at = (now: number) => ({ now: () => now, monotonic: () => 0 });

async function giveBack(now = Date.now(), where = directory): Promise<string> {
  const made = await makeOfflineRequest(where, { purpose: "DEACTIVATE", clock: at(now) });
  if (made.kind === "refused") throw new Error(made.fault);
  return made.requestFile;
}

async function claimsOf(requestFile: string, now = Date.now()) {
  const parsed = parseRequestFile(requestFile);
  if (parsed.kind === "refused") throw new Error(parsed.fault);
  const verified = await verifyOfflineRequest(parsed.request, { now });
  if (verified.kind === "refused") throw new Error(verified.fault);
  return verified.claims;
}

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: unknown) =>
      isProblem(error) ? `${error.reason} ${error.metadata["fault"] ?? ""}` : error,
  );

test("a proof tells whose it is and how far it was refreshed, and nothing opens any more", async () => {
  const { name } = await refresh();
  const key = await readFile(join(directory, "installation.key"), "utf8");
  expect(await claimsOf(await giveBack())).toMatchObject({
    purpose: "DEACTIVATE",
    installation: name,
    deployment: "dev.leasehold.local",
    product: "products/studio",
    counter: 1,
    publicKey: publicKeyOf(Buffer.from(key.trim(), "hex")),
  });
  expect(await openInstallation(directory)).toEqual({ kind: "refused", fault: "given-back" });
  expect(await readdir(directory)).not.toContain("license.lic");
  expect(await reasonOf(refresh())).toBe("UNAUTHENTICATED given-back");
  expect(await reasonOf(unlockHere())).toBe("INSTALLATION_ENDED ");
});

test("made again it is the same file, to the byte, until it would be too old to be carried", async () => {
  const start = Date.now();
  const first = await giveBack(start);
  expect(await giveBack(start + 28 * DAY_MS)).toBe(first);
  const later = start + 29 * DAY_MS;
  const second = await giveBack(later);
  expect(second).not.toBe(first);
  expect(await claimsOf(second, later)).toMatchObject({ purpose: "DEACTIVATE", counter: 0 });
  expect(await giveBack(later)).toBe(second);
});

test("a machine that died at any step of it makes the same proof in the end", async () => {
  const broken = join(home, "broken");
  await cp(directory, broken, { recursive: true });
  const license = await readFile(join(directory, "license.lic"), "utf8");
  const proof = await giveBack();
  // It died when the end was noted, and nothing else was done.
  await rm(join(directory, "offline"), { recursive: true });
  await writeFile(join(directory, "license.lic"), license);
  expect(await openInstallation(directory)).toEqual({ kind: "refused", fault: "given-back" });
  const again = await giveBack();
  expect(await readdir(directory)).not.toContain("license.lic");
  const { id: _, madeAt: __, ...claims } = await claimsOf(again);
  expect(await claimsOf(proof)).toMatchObject(claims);
  // It died before: nothing is over yet.
  expect((await openInstallation(broken)).kind).toBe("unlocked");
});

test("a refresh that was asked for and not answered is told, so that it does not look like a copy's", async () => {
  server.beforeRefreshed = () => Promise.resolve("lost");
  await refresh().catch(() => undefined);
  const [asked] = server.refreshes;
  expect(await claimsOf(await giveBack())).toMatchObject({
    counter: 0,
    unanswered: asked?.requestId,
  });
});

test("a refresh that is under way while it is given back brings nothing to life, and the proof follows it", async () => {
  let proof = "";
  server.beforeRefreshed = async () => {
    proof = await giveBack();
  };
  expect(await reasonOf(refresh())).toBe("UNAUTHENTICATED given-back");
  expect(await openInstallation(directory)).toEqual({ kind: "refused", fault: "given-back" });
  const [asked] = server.refreshes;
  expect(await claimsOf(proof)).toMatchObject({ counter: 0, unanswered: asked?.requestId });
  const again = await claimsOf(await giveBack());
  expect(again).toMatchObject({ purpose: "DEACTIVATE", counter: 1 });
  expect(again).not.toHaveProperty("unanswered");
});

test("where nothing is unlocked there is nothing to give back", async () => {
  const empty = join(home, "empty");
  const locked = { kind: "refused", fault: "locked" };
  expect(await makeOfflineRequest(empty, { purpose: "DEACTIVATE" })).toEqual(locked);
  await writeFile(join(directory, "license.lic"), "spoilt");
  expect(await makeOfflineRequest(directory, { purpose: "DEACTIVATE" })).toMatchObject({
    fault: "no-block",
  });
});

test("past its refresh date a license can be given back", async () => {
  const late = Date.now() + 90 * DAY_MS;
  expect(await claimsOf(await giveBack(late), late)).toMatchObject({ purpose: "DEACTIVATE" });
});

test("a response that comes after all is not taken, and no request is made in the directory", async () => {
  const vendor = await OfflineVendor.open();
  const bunker = join(home, "bunker");
  const asking = {
    purpose: "UNLOCK",
    vendorFile: vendor.vendorFile,
    product: "products/studio",
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Acme",
    productKey: KEY,
  } as const;
  const made = await makeOfflineRequest(bunker, asking);
  const first = await vendor.answer(made.kind === "made" ? made.requestFile : "");
  expect((await takeOfflineResponse(bunker, first)).kind).toBe("taken");
  const refreshing = await makeOfflineRequest(bunker, { purpose: "REFRESH" });
  const late = await vendor.answer(refreshing.kind === "made" ? refreshing.requestFile : "");
  await giveBack(Date.now(), bunker);
  expect(await takeOfflineResponse(bunker, late)).toEqual({ kind: "refused", fault: "given-back" });
  expect(await makeOfflineRequest(bunker, { purpose: "REFRESH" })).toEqual({
    kind: "refused",
    fault: "given-back",
  });
  await expect(makeOfflineRequest(bunker, asking)).rejects.toMatchObject({
    reason: "INSTALLATION_ENDED",
  });
});
