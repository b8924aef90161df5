import { activation, LicenseState } from "@leasehold/contracts";
import { Problem } from "@leasehold/kernel";
import {
  parseLicenseFile,
  verifyLicenseFile,
  verifyRevocationList,
} from "@leasehold/license-format";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { issuedLicense } from "./issued.ts";
import {
  change,
  newMachine,
  read,
  refreshRequest,
  refusal,
  counted,
  outcomesOf,
} from "./installation-scene.ts";
import { logged, type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId, unlockRequest } from "./unlock-requests.ts";

const SALT = Buffer.alloc(16, 1);
const digest = (seed: number) => Buffer.alloc(32, seed);
const MACHINE = { "machine-id": digest(1), dmi: digest(2), disk: digest(3), mac: digest(4) };

let running: RunningActivation;

beforeAll(async () => {
  running = await runningActivation();
});
afterAll(() => running[Symbol.asyncDispose]());
beforeEach(() => {
  running.issuer.failures.clear();
  running.issuer.beforeAnswer = () => Promise.resolve();
});

async function verified(licenseFile: string) {
  const file = parseLicenseFile(licenseFile);
  if (file.kind === "refused") throw new Error(file.fault);
  const expected = { product: "products/studio", now: Date.now() };
  return verifyLicenseFile(file, running.issuer.rootKey, expected);
}

test("a refresh brings new certificates, the next counter and the revocation list, and what it told is shown", async () => {
  const { installation, livesCredentials } = await newMachine(running);
  const evidence = activation.MachineEvidence.fromPartial({ hypervisor: "kvm", cloud: "aws" });
  const request = refreshRequest(0n, { evidence, applicationVersion: "4.2", host: "mill" });
  const refreshed = await running.lives(livesCredentials).refreshInstallation(request);
  expect(refreshed.counter).toBe(1n);
  expect(await verified(refreshed.licenseFile)).toMatchObject({
    kind: "verified",
    claims: { installation: { installation: installation.name } },
  });
  const keys = Object.values(running.issuer.signers);
  const trust = { deployment: running.issuer.deployment, keys };
  expect(await verifyRevocationList(refreshed.revocationList, trust)).toMatchObject({
    kind: "verified",
  });
  const shown = await read(running, installation.name);
  expect(shown).toEqual(refreshed.installation);
  expect(shown).toMatchObject({
    host: "mill",
    applicationVersion: "4.2",
    evidence,
    refreshCounter: 1n,
    conflict: undefined,
  });
  expect(shown.lastSeenTime!.getTime()).toBeGreaterThanOrEqual(installation.createTime!.getTime());
});

test("the version of the application is the one that it told last, unlocking or refreshing", async () => {
  const { installation, livesCredentials, key, publicKey } = await newMachine(running, {
    applicationVersion: "4.1",
  });
  expect(installation.applicationVersion).toBe("4.1");
  const own = running.lives(livesCredentials);
  const version = async () => (await read(running, installation.name)).applicationVersion;
  await own.refreshInstallation(refreshRequest(0n));
  expect(await version()).toBe("4.1");
  await own.refreshInstallation(refreshRequest(1n, { applicationVersion: "4.2" }));
  expect(await version()).toBe("4.2");
  const again = { publicKey: Buffer.from(publicKey), applicationVersion: "4.3" };
  await running.unlock(unlockRequest(key, again));
  expect(await version()).toBe("4.3");
  await running.unlock(unlockRequest(key, { ...again, applicationVersion: "" }));
  expect(await version()).toBe("4.3");
});

test("each refresh needs the counter that the one before gave", async () => {
  const { livesCredentials } = await newMachine(running);
  const own = running.lives(livesCredentials);
  for (let counter = 0n; counter < 4n; counter += 1n)
    expect(await own.refreshInstallation(refreshRequest(counter))).toMatchObject({
      counter: counter + 1n,
    });
});

test("an answer that was lost comes again, after a restart too, and counts once", async () => {
  await using alone = await runningActivation();
  const { installation, livesCredentials } = await newMachine(alone);
  const request = refreshRequest(0n);
  const { revocationList: _, ...first } = await alone
    .lives(livesCredentials)
    .refreshInstallation(request);
  await alone.restart();
  await alone.stopIssuer();
  const again = await alone.lives(livesCredentials).refreshInstallation(request);
  // What is revoked is told anew, or not at all.
  expect(again).toEqual({ ...first, revocationList: "" });
  const { installation: shown } = await alone.desk.getInstallation({ name: installation.name });
  expect(shown).toMatchObject({ refreshCounter: 1n, conflict: undefined });
});

test("an answer that was lost longer ago than replies are kept comes anew, and counts once", async () => {
  const { installation, livesCredentials } = await newMachine(running);
  const own = running.lives(livesCredentials);
  const request = refreshRequest(0n);
  await own.refreshInstallation(request);
  await running.database.postgres.query({
    text: "delete from request_reply where request_id = $1",
    values: [request.requestId],
  });
  const again = await own.refreshInstallation(request);
  expect(again.counter).toBe(1n);
  expect(await verified(again.licenseFile)).toMatchObject({ kind: "verified" });
  expect(await read(running, installation.name)).toMatchObject({
    refreshCounter: 1n,
    conflict: undefined,
  });
});

test("twenty-five parallel calls with one request id are one refresh and get one answer", async () => {
  const { installation, livesCredentials } = await newMachine(running);
  const own = running.lives(livesCredentials);
  const request = refreshRequest(0n);
  const answers = await Promise.all(
    Array.from({ length: 25 }, () => own.refreshInstallation(request)),
  );
  const [first] = answers;
  for (const { licenseFile, counter } of answers)
    expect({ licenseFile, counter }).toEqual({ licenseFile: first!.licenseFile, counter: 1n });
  expect(await read(running, installation.name)).toMatchObject({
    refreshCounter: 1n,
    conflict: undefined,
  });
});

test("of twenty-five processes that refresh with one counter exactly one gets on, and the conflict is noted", async () => {
  const { installation, livesCredentials } = await newMachine(running);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 25 }, (_, n) =>
      running
        .lives(livesCredentials)
        .refreshInstallation(refreshRequest(0n, { host: `process-${n}` })),
    ),
  );
  expect(counted(outcomesOf(outcomes))).toEqual({ done: 1, INSTALLATION_CONFLICT: 24 });
  const shown = await read(running, installation.name);
  expect(shown).toMatchObject({
    state: activation.InstallationState.ACTIVE,
    refreshCounter: 1n,
    conflict: { kind: activation.InstallationConflictKind.COUNTER },
  });
  expect(running.log.filter((line) => line.facts["installation"] === installation.name)).toEqual(
    expect.arrayContaining([logged("installation in conflict")]),
  );
});

test("a copy is refused as often as it tries, and the one ahead goes on", async () => {
  const { installation, livesCredentials } = await newMachine(running);
  const own = running.lives(livesCredentials);
  await own.refreshInstallation(refreshRequest(0n));
  for (let tries = 0; tries < 3; tries += 1)
    await expect(own.refreshInstallation(refreshRequest(0n))).rejects.toMatchObject({
      reason: "INSTALLATION_CONFLICT",
    });
  expect(await own.refreshInstallation(refreshRequest(1n))).toMatchObject({ counter: 2n });
  const history = await running.database.postgres.query<{ readonly kind: string }>({
    text: "select kind from installation_change where installation = $1",
    values: [installation.name.slice("installations/".length)],
  });
  expect(history).toEqual([{ kind: "CONFLICT" }]);
});

test("an administrator forgives a conflict: the next refresh counts, whoever comes first", async () => {
  const { installation, livesCredentials, key, publicKey } = await newMachine(running);
  const own = running.lives(livesCredentials);
  for (const counter of [0n, 1n, 2n]) await own.refreshInstallation(refreshRequest(counter));
  await refusal(own.refreshInstallation(refreshRequest(1n)));
  // Only disabled it is not decided about, nor by an unlocking that is refused.
  await running.lives("ada").disableInstallation(change(installation.name));
  await refusal(running.unlock(unlockRequest(key, { publicKey: Buffer.from(publicKey) })));
  expect(await read(running, installation.name)).toMatchObject({
    conflict: { kind: activation.InstallationConflictKind.COUNTER },
  });
  const enabled = await running.lives("ada").enableInstallation(change(installation.name));
  expect(enabled.installation).toMatchObject({ conflict: undefined });
  expect(await own.refreshInstallation(refreshRequest(1n))).toMatchObject({ counter: 4n });
  // The other one, if there is one, is the one behind now.
  await expect(own.refreshInstallation(refreshRequest(3n))).rejects.toMatchObject({
    reason: "INSTALLATION_CONFLICT",
  });
});

test("unlocked again a machine whose directory was put back is told the counter, and gets on", async () => {
  const { installation, livesCredentials, key, publicKey } = await newMachine(running);
  const own = running.lives(livesCredentials);
  for (const counter of [0n, 1n]) await own.refreshInstallation(refreshRequest(counter));
  await refusal(own.refreshInstallation(refreshRequest(0n)));
  const again = await running.unlock(unlockRequest(key, { publicKey: Buffer.from(publicKey) }));
  expect(again.installation).toMatchObject({
    name: installation.name,
    refreshCounter: 2n,
    conflict: undefined,
  });
  const { refreshCounter } = again.installation!;
  expect(await own.refreshInstallation(refreshRequest(refreshCounter))).toMatchObject({
    counter: 3n,
  });
});

test("after a loss of the service's newest data installations get on, and it is told", async () => {
  const { installation, livesCredentials } = await newMachine(running);
  const own = running.lives(livesCredentials);
  for (const counter of [0n, 1n, 2n]) await own.refreshInstallation(refreshRequest(counter));
  await running.database.postgres.query({
    text: "update installation set refresh_counter = 1 where id = $1",
    values: [installation.name.slice("installations/".length)],
  });
  expect(await own.refreshInstallation(refreshRequest(3n))).toMatchObject({ counter: 4n });
  expect(running.log).toContainEqual(logged("installation refreshed, ahead of what was known"));
});

test("a machine that changes bit by bit stays the same one, and its certificates follow", async () => {
  const { livesCredentials } = await newMachine(running, {
    fingerprint: { salt: SALT, components: MACHINE },
  });
  const own = running.lives(livesCredentials);
  const drift: Record<string, Buffer> = { ...MACHINE };
  for (const [index, component] of Object.keys(MACHINE).entries()) {
    drift[component] = digest(10 + index);
    const fingerprint = { salt: SALT, components: { ...drift } };
    const refreshed = await own.refreshInstallation(refreshRequest(BigInt(index), { fingerprint }));
    expect(await verified(refreshed.licenseFile)).toMatchObject({
      claims: {
        installation: {
          fingerprint: {
            components: { [component]: drift[component].toString("base64url") },
          },
        },
      },
    });
  }
  const first = { salt: SALT, components: MACHINE };
  await expect(
    own.refreshInstallation(refreshRequest(4n, { fingerprint: first })),
  ).rejects.toMatchObject({ reason: "FINGERPRINT_MISMATCH" });
});

test("another machine, or one that tells no more what it is, is refused and noted; the counter stays", async () => {
  const { installation, livesCredentials } = await newMachine(running, {
    fingerprint: { salt: SALT, components: MACHINE },
  });
  const own = running.lives(livesCredentials);
  const other = { salt: SALT, components: { ...MACHINE, "machine-id": digest(8), dmi: digest(9) } };
  for (const fingerprint of [other, undefined])
    await expect(
      own.refreshInstallation(refreshRequest(0n, { fingerprint, host: "elsewhere" })),
    ).rejects.toMatchObject({ reason: "FINGERPRINT_MISMATCH" });
  const shown = await read(running, installation.name);
  expect(shown).toMatchObject({
    refreshCounter: 0n,
    conflict: { kind: activation.InstallationConflictKind.FINGERPRINT, host: "elsewhere" },
  });
  await running.lives().enableInstallation(change(installation.name));
  const moved = await own.refreshInstallation(refreshRequest(0n, { fingerprint: other }));
  expect(moved.counter).toBe(1n);
});

test.each([
  ["LICENSE_SUSPENDED", LicenseState.SUSPENDED],
  ["LICENSE_REVOKED", LicenseState.REVOKED],
  ["LICENSE_EXPIRED", LicenseState.ACTIVE],
] as const)("%s is passed on, and the counter stays", async (reason, state) => {
  const { installation, license, livesCredentials } = await newMachine(running);
  running.issuer.put(issuedLicense("", 2n, { name: license, state }));
  running.issuer.failures.set("issueCertificates", new Problem(reason));
  const own = running.lives(livesCredentials);
  await expect(own.refreshInstallation(refreshRequest(0n))).rejects.toMatchObject({ reason });
  running.issuer.failures.clear();
  expect(await read(running, installation.name)).toMatchObject({ refreshCounter: 0n });
  expect(await own.refreshInstallation(refreshRequest(0n))).toMatchObject({ counter: 1n });
});

test("one that ends while its certificates are made gets none", async () => {
  const { installation, livesCredentials } = await newMachine(running);
  running.issuer.beforeAnswer = async (method) => {
    if (method !== "issueCertificates") return;
    await running.lives().deactivateInstallation(change(installation.name));
  };
  await expect(
    running.lives(livesCredentials).refreshInstallation(refreshRequest(0n)),
  ).rejects.toMatchObject({ reason: "INSTALLATION_ENDED" });
});

test("deactivated in the midst of refreshes an installation refreshes no more", async () => {
  const { installation, livesCredentials } = await newMachine(running);
  const own = running.lives(livesCredentials);
  const [ended, ...refreshes] = await Promise.allSettled([
    running.lives().deactivateInstallation(change(installation.name)),
    ...Array.from({ length: 20 }, () => own.refreshInstallation(refreshRequest(0n))),
  ]);
  expect(ended.status).toBe("fulfilled");
  const allowed = new Set(["done", "INSTALLATION_CONFLICT", "INSTALLATION_ENDED"]);
  expect(outcomesOf(refreshes).filter((outcome) => !allowed.has(outcome))).toEqual([]);
  expect(counted(outcomesOf(refreshes))["done"] ?? 0).toBeLessThanOrEqual(1);
  const shown = await read(running, installation.name);
  expect(shown.state).toBe(activation.InstallationState.ENDED);
  await expect(own.refreshInstallation(refreshRequest(shown.refreshCounter))).rejects.toMatchObject(
    { reason: "INSTALLATION_ENDED" },
  );
});

test.each([
  ["request_id", { requestId: "nonsense" }],
  ["counter", { counter: -1n }],
  ["counter", { counter: 2n ** 53n }],
  ["host", { host: "x".repeat(201) }],
  ["host", { host: "a\nb" }],
  ["application_version", { applicationVersion: "\ud800" }],
  ["evidence.vendor", { evidence: activation.MachineEvidence.fromPartial({ vendor: "\u0007" }) }],
  ["fingerprint.salt", { fingerprint: { salt: Buffer.alloc(15), components: {} } }],
  [
    "fingerprint.components[0]",
    { fingerprint: { salt: SALT, components: { disk: Buffer.alloc(31) } } },
  ],
] satisfies [string, Partial<activation.RefreshInstallationRequest>][])(
  "a bad %s is named, and nothing else happens (%#)",
  async (field, given) => {
    const { installation, livesCredentials } = await newMachine(running);
    const call = running.lives(livesCredentials).refreshInstallation(refreshRequest(0n, given));
    expect(await refusal(call)).toMatchObject({
      reason: "INVALID_REQUEST",
      violations: [{ field }],
    });
    expect(await read(running, installation.name)).toMatchObject({ refreshCounter: 0n });
  },
);

test("a request id that was used for another request is refused", async () => {
  const { livesCredentials } = await newMachine(running);
  const own = running.lives(livesCredentials);
  const request = refreshRequest(0n);
  await own.refreshInstallation(request);
  expect(await refusal(own.refreshInstallation({ ...request, counter: 1n }))).toMatchObject({
    reason: "REQUEST_ID_REUSED",
  });
});

test("only an installation refreshes, with a proof that is for this server", async () => {
  const { livesCredentials, credentials } = await newMachine(running);
  const request = () => refreshRequest(0n, { requestId: freshId() });
  expect(await refusal(running.lives({}).refreshInstallation(request()))).toMatchObject({
    reason: "UNAUTHENTICATED",
  });
  for (const who of [undefined, "ada"] as const)
    expect(await refusal(running.lives(who).refreshInstallation(request()))).toMatchObject({
      reason: "PERMISSION_DENIED",
    });
  const forged = { ...livesCredentials, "lh-proof": `${livesCredentials["lh-proof"]}x` };
  expect(await refusal(running.lives(forged).refreshInstallation(request()))).toMatchObject({
    reason: "UNAUTHENTICATED",
  });
  // One server, two services: a proof for either is one for it.
  expect(await running.lives(credentials).refreshInstallation(request())).toMatchObject({
    counter: 1n,
  });
});
