import { activation } from "@leasehold/contracts";
import { Problem } from "@leasehold/kernel";
import {
  generateKeyPair,
  parseLicenseFile,
  thumbprint,
  verifyLicenseFile,
} from "@leasehold/license-format";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import {
  change,
  newMachine,
  read,
  refreshRequest,
  refusal,
  transferRequest,
  counted,
  outcomesOf,
} from "./installation-scene.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId } from "./unlock-requests.ts";
import { unlockedInstallation } from "./unlocked-installation.ts";

const { InstallationState: State } = activation;

let running: RunningActivation;

beforeAll(async () => {
  running = await runningActivation();
});
afterAll(() => running[Symbol.asyncDispose]());
beforeEach(() => {
  running.issuer.failures.clear();
  running.issuer.beforeAnswer = () => Promise.resolve();
});

/** A machine of a license whose installations may be moved so often, once that is known. */
async function movable(transfers: number) {
  const machine = await newMachine(running, {}, { transfers });
  await vi.waitFor(async () => {
    const known = await running.database.postgres.query({
      text: "select 1 from entitlement where license = $1",
      values: [machine.license],
    });
    expect(known).toHaveLength(1);
  });
  return machine;
}

async function installationsOf(license: string) {
  const { installations } = await running.lives().listInstallations({
    parent: license,
    pageSize: 0,
    pageToken: "",
    filter: "",
    orderBy: "create_time",
  });
  return installations;
}

test("moved, the old machine is over and the new one has certificates, without a product key", async () => {
  const { installation: old, livesCredentials } = await movable(2);
  const named = { requestId: freshId(), name: old.name, displayName: "The Mill" };
  await running.lives("ada").renameInstallation(named);
  const { publicKey } = await generateKeyPair();
  const request = transferRequest(old.name, {
    publicKey: Buffer.from(publicKey),
    host: "new-mill",
    why: "new hardware",
  });
  const moved = await running.lives("ada").transferInstallation(request);
  expect(moved).toMatchObject({
    installation: { host: "new-mill", displayName: "The Mill", state: State.ACTIVE },
    endedInstallation: {
      name: old.name,
      state: State.ENDED,
      successor: moved.installation!.name,
      stateChange: { why: "new hardware" },
    },
    transfersLeft: 1,
  });
  const file = parseLicenseFile(moved.licenseFile);
  if (file.kind === "refused") throw new Error(file.fault);
  const expected = { product: "products/studio", now: Date.now() };
  expect(await verifyLicenseFile(file, running.issuer.rootKey, expected)).toMatchObject({
    claims: {
      installation: {
        installation: moved.installation!.name,
        publicKeyThumbprint: thumbprint(publicKey),
      },
    },
  });
  await expect(
    running.lives(livesCredentials).refreshInstallation(refreshRequest(0n)),
  ).rejects.toMatchObject({ reason: "INSTALLATION_ENDED" });
  expect(await running.lives("ada").transferInstallation(request)).toEqual(moved);
});

test("beyond the limit only the vendor moves, and says so", async () => {
  const { installation, license } = await movable(1);
  const first = await running.lives("ada").transferInstallation(transferRequest(installation.name));
  expect(first.transfersLeft).toBe(0);
  const { name } = first.installation!;
  const limit = { reason: "TRANSFER_LIMIT", metadata: { limit: "1" } };
  for (const who of ["ada", undefined] as const)
    expect(
      await refusal(running.lives(who).transferInstallation(transferRequest(name))),
    ).toMatchObject(limit);
  const beyond = transferRequest(name, { beyondLimit: true });
  expect(await refusal(running.lives("ada").transferInstallation(beyond))).toMatchObject({
    reason: "PERMISSION_DENIED",
  });
  const last = await running.lives().transferInstallation({ ...beyond, requestId: freshId() });
  expect(last).toMatchObject({ transfersLeft: 0 });
  const states = (await installationsOf(license)).map(({ state }) => state);
  expect(states).toEqual([State.ENDED, State.ENDED, State.ACTIVE]);
});

test("of twenty machines that move at once under a limit of three, three do", async () => {
  const machine = await movable(3);
  const machines = [machine.installation];
  for (let n = 1; n < 20; n += 1)
    machines.push((await unlockedInstallation(running, machine.key)).installation);
  const outcomes = await Promise.allSettled(
    machines.map(({ name }) => running.lives("ada").transferInstallation(transferRequest(name))),
  );
  expect(counted(outcomesOf(outcomes))).toEqual({ done: 3, TRANSFER_LIMIT: 17 });
  const left = await installationsOf(machine.license);
  expect(left.filter(({ state }) => state === State.ACTIVE)).toHaveLength(20);
});

test("of twenty who move one machine at once one does", async () => {
  const { installation, license } = await movable(20);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () =>
      running.lives("ada").transferInstallation(transferRequest(installation.name)),
    ),
  );
  expect(counted(outcomesOf(outcomes))).toEqual({ done: 1, INSTALLATION_ENDED: 19 });
  expect(await installationsOf(license)).toHaveLength(2);
});

test("only tried, nothing is moved, and no certificate is made", async () => {
  const { installation, license } = await movable(1);
  const asked = running.issuer.count("issueCertificates");
  const request = transferRequest(installation.name, { validateOnly: true });
  const tried = await running.lives("ada").transferInstallation(request);
  expect(tried).toMatchObject({
    licenseFile: "",
    transfersLeft: 0,
    endedInstallation: { state: State.ENDED },
  });
  expect(running.issuer.count("issueCertificates")).toBe(asked);
  expect(await installationsOf(license)).toMatchObject([{ state: State.ACTIVE, successor: "" }]);
});

test("an issuer that refuses leaves everything as it was", async () => {
  const { installation, license } = await movable(1);
  running.issuer.failures.set("issueCertificates", new Problem("LICENSE_SUSPENDED"));
  const request = transferRequest(installation.name);
  expect(await refusal(running.lives("ada").transferInstallation(request))).toMatchObject({
    reason: "LICENSE_SUSPENDED",
  });
  expect(await installationsOf(license)).toHaveLength(1);
  running.issuer.failures.clear();
  expect(await running.lives("ada").transferInstallation(request)).toMatchObject({
    transfersLeft: 0,
  });
});

test("a machine that the license knows, one that is disabled, and one that is over are not moved", async () => {
  const machine = await movable(5);
  const { name } = machine.installation;
  const known = Buffer.from(machine.publicKey);
  expect(
    await refusal(
      running.lives("ada").transferInstallation(transferRequest(name, { publicKey: known })),
    ),
  ).toMatchObject({ reason: "ALREADY_EXISTS" });
  await running.lives().disableInstallation(change(name));
  expect(
    await refusal(running.lives("ada").transferInstallation(transferRequest(name))),
  ).toMatchObject({ reason: "INSTALLATION_DISABLED" });
  await running.lives().deactivateInstallation(change(name));
  expect(await refusal(running.lives().transferInstallation(transferRequest(name)))).toMatchObject({
    reason: "INSTALLATION_ENDED",
  });
  expect(await installationsOf(machine.license)).toHaveLength(1);
});

test.each([
  ["request_id", { requestId: "" }],
  ["name", { name: "installations/x" }],
  ["public_key", { publicKey: Buffer.alloc(31) }],
  ["host", { host: "x".repeat(201) }],
  ["why", { why: "x".repeat(501) }],
  ["fingerprint.salt", { fingerprint: { salt: Buffer.alloc(1), components: {} } }],
])("a bad %s is named (%#)", async (field, given) => {
  const { installation } = await newMachine(running);
  const request = transferRequest(installation.name, given);
  expect(await refusal(running.lives().transferInstallation(request))).toMatchObject({
    reason: "INVALID_REQUEST",
    violations: [{ field }],
  });
});

test("to another customer's people it is as if there were none; those who only look, and machines, move nothing", async () => {
  const { installation, livesCredentials } = await movable(1);
  const { name } = installation;
  const absent = transferRequest(`installations/${freshId()}`);
  const nothing = await refusal(running.lives("mallory").transferInstallation(absent));
  expect(nothing).toMatchObject({ reason: "NOT_FOUND" });
  const move = (who: Parameters<RunningActivation["lives"]>[0]) =>
    refusal(running.lives(who).transferInstallation(transferRequest(name)));
  expect(await move("mallory")).toEqual(nothing);
  expect(await move("luigi")).toMatchObject({ reason: "PERMISSION_DENIED" });
  expect(await move(livesCredentials)).toMatchObject({ reason: "PERMISSION_DENIED" });
  expect(await move({})).toMatchObject({ reason: "UNAUTHENTICATED" });
  expect(await read(running, name)).toMatchObject({ state: State.ACTIVE });
});
