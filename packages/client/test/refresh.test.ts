import { once } from "node:events";
import { cp, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { systemRandom } from "@leasehold/kernel";
import { newProductKey, signingKey, signRevocationList } from "@leasehold/license-format";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deactivateInstallation } from "../src/deactivate-installation.ts";
import { keepFresh } from "../src/keep-fresh.ts";
import { openInstallation } from "../src/open-installation.ts";
import { refreshInstallation } from "../src/refresh-installation.ts";
import { transferInstallation } from "../src/transfer-installation.ts";
import { unlock } from "../src/unlock.ts";
import { FakeActivation } from "./fake-activation.ts";
import { failure } from "./fake-server.ts";

const INSTALLATION = "0190f5fe-7c00-7a00-8000-000000000002";
const SKEWED = 3_600_000;

let server: FakeActivation;
let home: string;
let directory: string;

beforeEach(async () => {
  server = await FakeActivation.start();
  home = await mkdtemp(join(tmpdir(), "leasehold refresh "));
  directory = join(home, "licensing");
  await unlockHere();
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

function unlockHere() {
  return unlock({
    activation: server.address,
    product: "products/studio",
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Acme",
    productKey: newProductKey(systemRandom).text,
    directory,
    trustRoot: server.root.publicKey,
  });
}

const refresh = (where = directory, given: { host?: string } = {}) =>
  refreshInstallation({ activation: server.address, directory: where, ...given });

const requestIds = () => new Set(server.refreshes.map(({ requestId }) => requestId));

/** A revocation list of the fake's, with a version; it names the installation or nobody. */
async function revocations(version: number, isRevoked = false): Promise<string> {
  const { license } = await server.keys();
  const installations = isRevoked ? [{ id: INSTALLATION, revokedAt: Date.now() + 60_000 }] : [];
  return signRevocationList(signingKey("license", license.privateKey), {
    deployment: "dev.leasehold.local",
    version,
    licenses: [],
    installations,
    issuedAt: Date.now(),
  });
}

test("each refresh comes with the counter that the one before gave, and its certificates are kept", async () => {
  const first = await refresh(directory, { host: "mill" });
  await refresh();
  expect(server.refreshes).toMatchObject([{ counter: 0n, host: "mill" }, { counter: 1n }]);
  expect(requestIds().size).toBe(2);
  expect(await openInstallation(directory)).toMatchObject({
    kind: "unlocked",
    installation: { name: first.name },
  });
  expect(await readdir(join(directory, "refresh", INSTALLATION))).toEqual(["counter-2"]);
});

test("whoever got no answer asks the same again, whatever is different by then", async () => {
  server.beforeRefreshed = () => Promise.resolve("lost");
  await expect(refresh(directory, { host: "mill" })).rejects.toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
  server.beforeRefreshed = () => Promise.resolve();
  await refresh(directory, { host: "renamed" });
  expect(requestIds().size).toBe(1);
  expect(server.refreshes.at(-1)).toMatchObject({ counter: 0n, host: "mill" });
  expect(server.counter).toBe(1n);
  await refresh();
  expect(server.counter).toBe(2n);
});

test("a machine that dies before its answer is on disk, or while it is written, goes on from there", async () => {
  const asItWas = join(home, "as-it-was");
  server.beforeRefreshed = () => cp(directory, asItWas, { recursive: true });
  await refresh();
  server.beforeRefreshed = () => Promise.resolve();
  for (const written of [[], ["license.lic"]]) {
    const died = join(home, `died-${written.length}`);
    await cp(asItWas, died, { recursive: true });
    for (const file of written) await cp(join(directory, file), join(died, file));
    await refresh(died);
    expect(server.counter).toBe(1n);
    expect(requestIds().size).toBe(1);
  }
});

test("processes that share a directory ask one thing, and none is taken for a copy", async () => {
  for (let round = 0; round < 5; round += 1) {
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => refresh()));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "fulfilled" });
  }
  const byCounter = Map.groupBy(server.refreshes, ({ counter }) => counter);
  for (const asked of byCounter.values())
    expect(new Set(asked.map(({ requestId }) => requestId)).size).toBe(1);
  expect(server.counter).toBeGreaterThanOrEqual(5n);
});

test("of two machines with one directory's copies, one is refused at its second refresh at the latest", async () => {
  const copy = join(home, "copy");
  // The worst moment: sent, and not answered yet.
  server.beforeRefreshed = async () => {
    await cp(directory, copy, { recursive: true });
    return "lost";
  };
  await expect(refresh()).rejects.toThrow("DEPENDENCY_UNAVAILABLE");
  server.beforeRefreshed = () => Promise.resolve();
  await refresh();
  await refresh(copy);
  await refresh();
  await expect(refresh(copy)).rejects.toMatchObject({ reason: "INSTALLATION_CONFLICT" });
  await refresh();
});

test("a directory that is put back from an earlier day is told from the one of today", async () => {
  await refresh();
  const backup = join(home, "backup");
  await cp(directory, backup, { recursive: true });
  await refresh();
  await rm(directory, { recursive: true });
  await rename(backup, directory);
  await expect(refresh()).rejects.toMatchObject({ reason: "INSTALLATION_CONFLICT" });
  // What it has it keeps, and unlocked again it gets on.
  expect(await openInstallation(directory)).toMatchObject({ kind: "unlocked" });
  server.unlockedAt = server.counter;
  await unlockHere();
  await refresh();
  expect(server.counter).toBe(3n);
});

test.each([
  ["INSTALLATION_CONFLICT", 2],
  ["FINGERPRINT_MISMATCH", 2],
  // It may have been carried out, and answered into the void, long before.
  ["INSTALLATION_DISABLED", 1],
  ["LICENSE_SUSPENDED", 1],
] as const)(
  "after %s there are %i requests: what is known not to count is not asked again",
  async (reason, requests) => {
    server.refusal = failure(status.FAILED_PRECONDITION, reason);
    await expect(refresh()).rejects.toMatchObject({ reason });
    server.refusal = undefined;
    await refresh();
    expect(requestIds().size).toBe(requests);
  },
);

test("an answer that does not verify changes nothing, and is asked for again", async () => {
  server.licenseFile = "# nothing";
  await expect(refresh()).rejects.toMatchObject({
    reason: "UNAUTHENTICATED",
    metadata: { fault: "no-block" },
  });
  expect(await openInstallation(directory)).toMatchObject({ kind: "unlocked" });
  expect(await readdir(join(directory, "refresh", INSTALLATION))).toEqual(["request-0"]);
});

test("nothing is refreshed where nothing is unlocked, or past the refresh date", async () => {
  await expect(refresh(join(home, "empty"))).rejects.toMatchObject({
    reason: "UNAUTHENTICATED",
    metadata: { fault: "locked" },
  });
  const late = { now: () => Date.now() + 2 * SKEWED, monotonic: () => 0 };
  const call = refreshInstallation({ activation: server.address, directory, clock: late });
  await expect(call).rejects.toMatchObject({ metadata: { fault: "expired" } });
  expect(server.refreshes).toEqual([]);
});

test("a clock that is wrong is corrected by the server's, and the same is asked again", async () => {
  const metadata = { server_time: new Date(Date.now() + SKEWED).toISOString() };
  server.refusal = failure(status.UNAUTHENTICATED, "CLOCK_SKEW", { metadata });
  await expect(refresh()).rejects.toMatchObject({ reason: "CLOCK_SKEW" });
  expect(server.refreshes).toHaveLength(2);
  expect(requestIds().size).toBe(1);
});

test("a revocation list is kept, none older takes its place, and what it names does not open", async () => {
  server.revocationList = await revocations(5);
  await refresh();
  server.revocationList = await revocations(4, true);
  await refresh();
  expect(await openInstallation(directory)).toMatchObject({ kind: "unlocked" });
  server.revocationList = "";
  await refresh();
  server.revocationList = await revocations(6, true);
  await expect(refresh()).rejects.toMatchObject({ metadata: { fault: "revoked" } });
  expect(await openInstallation(directory)).toEqual({ kind: "refused", fault: "revoked" });
});

test("a revocation list that does not verify says nothing", async () => {
  server.revocationList = (await revocations(6, true)).replace(/.$/, (last) =>
    last === "A" ? "Q" : "A",
  );
  await refresh();
  await writeFile(join(directory, "refresh", "revocations"), "spoilt");
  expect(await openInstallation(directory)).toMatchObject({ kind: "unlocked" });
  server.revocationList = await revocations(1, true);
  await expect(refresh()).rejects.toMatchObject({ metadata: { fault: "revoked" } });
});

test("an installation that is kept fresh is refreshed again and again, over failures too, until it is let go", async () => {
  const installation = await refresh();
  server.refusal = failure(status.UNAVAILABLE, "OVERLOADED");
  const options = { activation: server.address, everyMs: 20, chance: () => 0 };
  using fresh = keepFresh(installation, options);
  const [problem] = (await once(fresh.events, "failed")) as [unknown];
  expect(problem).toMatchObject({ reason: "OVERLOADED" });
  expect(fresh.current).toBe(installation);
  server.refusal = undefined;
  for (let times = 0; times < 3; times += 1) {
    const [refreshed] = (await once(fresh.events, "refreshed")) as [unknown];
    expect(fresh.current).toBe(refreshed);
  }
  fresh[Symbol.dispose]();
  expect(server.counter).toBeGreaterThanOrEqual(3n);
});

test("deactivated by itself a machine is over, and its directory may be unlocked as another installation", async () => {
  await refresh();
  const deactivate = () => deactivateInstallation({ activation: server.address, directory });
  server.refusal = failure(status.UNAVAILABLE, "OVERLOADED");
  await expect(deactivate()).rejects.toMatchObject({ reason: "OVERLOADED" });
  expect(await openInstallation(directory)).toMatchObject({ kind: "unlocked" });
  // As one is told whose first answer was lost.
  server.refusal = failure(status.FAILED_PRECONDITION, "INSTALLATION_ENDED");
  await deactivate();
  expect(await openInstallation(directory)).toEqual({ kind: "locked" });
  server.refusal = undefined;
  await unlockHere();
  const [before, after] = server.requests;
  expect(after!.publicKey.equals(before!.publicKey)).toBe(false);
  await deactivate();
  expect(server.deactivations.at(-1)).toMatchObject({ name: `installations/${INSTALLATION}` });
  await expect(deactivate()).rejects.toMatchObject({ metadata: { fault: "locked" } });
});

test("moved here, an installation is kept like one that was unlocked here", async () => {
  const here = join(home, "here");
  const name = `installations/${INSTALLATION}`;
  const move = () =>
    transferInstallation({
      activation: server.address,
      token: "secret",
      name,
      directory: here,
      trustRoot: server.root.publicKey,
      why: "new hardware",
    });
  server.transferIsLost = true;
  await expect(move()).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
  server.transferIsLost = false;
  expect(await move()).toMatchObject({ transfersLeft: 2, installation: { name } });
  expect(new Set(server.transfers.map(({ requestId }) => requestId)).size).toBe(1);
  expect(server.transfers[0]).toMatchObject({ name, why: "new hardware", beyondLimit: false });
  expect(await openInstallation(here)).toMatchObject({ kind: "unlocked" });
  expect((await readdir(here)).toSorted()).toEqual([
    "fingerprint.salt",
    "installation.key",
    "license.lic",
    "trust-root",
  ]);
});

test("a move that was refused is another one the next time", async () => {
  const here = join(home, "here");
  const move = (id: string) =>
    transferInstallation({
      activation: server.address,
      token: "secret",
      name: `installations/${id}`,
      directory: here,
    });
  server.refusal = failure(status.FAILED_PRECONDITION, "TRANSFER_LIMIT", {
    metadata: { limit: "0" },
  });
  await expect(move(INSTALLATION)).rejects.toMatchObject({ reason: "TRANSFER_LIMIT" });
  server.refusal = undefined;
  await move(INSTALLATION);
  expect(new Set(server.transfers.map(({ requestId }) => requestId)).size).toBe(2);
});
