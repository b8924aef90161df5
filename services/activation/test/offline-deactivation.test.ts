import { activation } from "@leasehold/contracts";
import { isProblem, type Problem } from "@leasehold/kernel";
import { MAX_OFFLINE_REQUEST_AGE } from "@leasehold/license-format";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  change,
  counted,
  newLicense,
  outcomesOf,
  read,
  refreshRequest,
} from "./installation-scene.ts";
import {
  type GappedMachine,
  gappedMachine,
  offlineClient,
  type OfflineClient,
  type RequestFile,
} from "./offline-requests.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId } from "./unlock-requests.ts";
import { installationHeaders } from "./unlocked-installation.ts";

const ENDED = activation.InstallationState.ENDED;
const ACTIVE = activation.InstallationState.ACTIVE;

let running: RunningActivation;
let offline: OfflineClient;
let machine: GappedMachine;
/** The installation's name. */
let name: string;
let license: { readonly name: string; readonly key: string };
/** A response file of the installation's own. */
let licensed: string;

beforeAll(async () => {
  running = await runningActivation();
  offline = offlineClient(running.address);
});
afterAll(async () => {
  await offline[Symbol.asyncDispose]();
  await running[Symbol.asyncDispose]();
});
beforeEach(async () => {
  machine = await gappedMachine();
  license = newLicense(running);
  const unlocked = await answer(await machine.unlock(license.key));
  name = unlocked.installation!.name;
  licensed = unlocked.responseFile;
});

const answer = ({ file }: Pick<RequestFile, "file">, desk = offline) =>
  desk.answerOfflineRequest({ requestId: freshId(), requestFile: file });

async function refused(call: Promise<unknown>): Promise<Problem> {
  const thrown = await call.then(
    () => expect.unreachable("the call succeeded"),
    (error: unknown) => error,
  );
  if (!isProblem(thrown)) throw thrown;
  return thrown;
}

/** A connection of the installation's own, as its machine had one before. */
const online = async () =>
  running.lives(await installationHeaders(running, machine.keys, { name, licensed }));

const history = (installation: string) =>
  running.database.postgres.query({
    text: `select kind, party, subject, why from installation_change
      where installation = split_part($1, '/', 2)::uuid order by number`,
    values: [installation],
  });

test("a proof ends the installation: it says so, its place is free, and seat-brokers hear of it", async () => {
  const before = await read(running, name);
  const { installation, responseFile } = await answer(await machine.giveBack(name));
  expect(responseFile).toBe("");
  expect(installation).toMatchObject({
    name,
    state: ENDED,
    stateChange: { party: activation.InstallationParty.INSTALLATION, why: "deactivated by proof" },
  });
  expect(await read(running, name)).toEqual(installation);
  expect(before.state).toBe(ACTIVE);
  expect(await history(name)).toEqual([
    { kind: "DEACTIVATED", party: "INSTALLATION", subject: name, why: "deactivated by proof" },
  ]);
  expect(await barredOf(license.name)).toContain(name);
  expect(running.log).toContainEqual({
    level: "info",
    message: "request file answered",
    facts: expect.objectContaining({ purpose: "DEACTIVATE", installation: name }) as object,
  });
});

/** The installations of a license that seat-brokers are told to give nothing to. */
async function barredOf(of: string): Promise<readonly string[]> {
  let barred: readonly string[] = [];
  for await (const { step } of running.broker.watchEntitlements({ afterFeedRevision: 0n })) {
    if (step === undefined) break;
    if (step.$case === "entitlement" && step.value.license === of)
      barred = step.value.barredInstallations;
  }
  return barred;
}

test("the same proof again, by whomever, gets the same answer and does nothing more", async () => {
  const proof = await machine.giveBack(name);
  const first = await answer(proof);
  const requestId = freshId();
  for (let n = 0; n < 2; n += 1)
    expect(await offline.answerOfflineRequest({ requestId, requestFile: proof.file })).toEqual(
      first,
    );
  expect(await answer({ file: `\ufeff${proof.file.replaceAll("\n", "\r\n")}` })).toEqual(first);
  expect(await history(name)).toHaveLength(1);
});

test("another proof of what is over is told so, and another one of the same id is refused", async () => {
  const proof = await machine.giveBack(name);
  await answer(proof);
  expect(await refused(answer(await machine.giveBack(name)))).toMatchObject({
    reason: "INSTALLATION_ENDED",
  });
  const same = await machine.giveBack(name, { id: proof.id, host: "other" });
  expect(await refused(answer(same))).toMatchObject({ reason: "OFFLINE_FILE_USED" });
});

test("a disabled installation may be given back, and one that is over gets nothing any more", async () => {
  await running.lives().disableInstallation(change(name));
  const { installation } = await answer(await machine.giveBack(name));
  expect(installation?.state).toBe(ENDED);
  expect(await refused(answer(await machine.ask("REFRESH", name)))).toMatchObject({
    reason: "INSTALLATION_ENDED",
  });
  expect(await refused(answer(await machine.unlock(license.key)))).toMatchObject({
    reason: "INSTALLATION_ENDED",
  });
});

test.each<[string, string, () => Promise<string>]>([
  ["doubled", "doubled", async () => (await proofFile()) + (await proofFile())],
  ["cut off", "truncated", async () => (await proofFile()).slice(0, -100)],
  ["edited", "malformed", async () => (await proofFile()).replace(/(BEGIN.*\n.{40})./, "$1_")],
  ["too old", "expired", () => proofFile({ madeAt: Date.now() - MAX_OFFLINE_REQUEST_AGE })],
  ["from the day after tomorrow", "not-yet", () => proofFile({ madeAt: Date.now() + 172_800_000 })],
  ["for another deployment", "wrong-audience", () => proofFile({ deployment: "other.example" })],
  ["for another product", "wrong-audience", () => proofFile({ product: "products/other" })],
  [
    "signed by another machine",
    "unknown-installation",
    async () => (await (await gappedMachine()).giveBack(name)).file,
  ],
])("a proof that is %s is refused as %s, and ends nothing", async (_, fault, make) => {
  expect(await refused(answer({ file: await make() }))).toMatchObject({
    reason: "OFFLINE_FILE_REFUSED",
    metadata: { fault },
  });
  expect((await read(running, name)).state).toBe(ACTIVE);
});

const proofFile = async (given: Parameters<GappedMachine["giveBack"]>[1] = {}) =>
  (await machine.giveBack(name, given)).file;

test("a copy that was left behind proves nothing: what goes on elsewhere stays, and is told of it", async () => {
  await (await online()).refreshInstallation(refreshRequest(0n));
  const copy = await machine.giveBack(name, { host: "copy" });
  for (let n = 0; n < 2; n += 1)
    expect(await refused(answer(copy))).toMatchObject({ reason: "INSTALLATION_CONFLICT" });
  expect(await read(running, name)).toMatchObject({
    state: ACTIVE,
    conflict: { kind: activation.InstallationConflictKind.COUNTER, host: "copy" },
  });
  expect(await history(name)).toMatchObject([{ kind: "CONFLICT" }]);
  const { installation } = await answer(await machine.giveBack(name, { counter: 1 }));
  expect(installation?.state).toBe(ENDED);
});

test("a conflict that was forgiven is forgiven to a proof, too", async () => {
  await (await online()).refreshInstallation(refreshRequest(0n));
  const restored = await machine.giveBack(name);
  await refused(answer(restored));
  await running.lives().enableInstallation(change(name));
  expect((await answer(restored)).installation?.state).toBe(ENDED);
});

test("another machine with a copy of the key proves nothing", async () => {
  const fingerprint = (seed: number) => ({
    salt: Buffer.alloc(16, 1).toString("base64url"),
    components: Object.fromEntries(
      ["dmi", "disk", "mac"].map((part) => [part, Buffer.alloc(32, seed).toString("base64url")]),
    ),
  });
  const told = await gappedMachine();
  const unlocked = await answer(await told.unlock(license.key, { fingerprint: fingerprint(1) }));
  const own = unlocked.installation!.name;
  const elsewhere = await told.giveBack(own, { fingerprint: fingerprint(9) });
  expect(await refused(answer(elsewhere))).toMatchObject({ reason: "FINGERPRINT_MISMATCH" });
  expect((await read(running, own)).conflict?.kind).toBe(
    activation.InstallationConflictKind.FINGERPRINT,
  );
  const here = await answer(await told.giveBack(own, { fingerprint: fingerprint(1) }));
  expect(here.installation?.state).toBe(ENDED);
});

test("a refresh whose answer the machine never heard does not stand in the way of its proof", async () => {
  const refresh = refreshRequest(0n);
  await (await online()).refreshInstallation(refresh);
  const proof = await machine.giveBack(name, { counter: 0, unanswered: refresh.requestId });
  expect((await answer(proof)).installation?.state).toBe(ENDED);
});

test("of a proof and a refresh at once, whichever comes first, the installation is over and nothing is in conflict", async () => {
  const rounds = 50;
  const own = await online();
  const outcomes: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [gapped, refresh] = [await gappedMachine(), refreshRequest(0n)];
    const unlocked = await answer(await gapped.unlock(license.key));
    const given = { name: unlocked.installation!.name, licensed: unlocked.responseFile };
    const headers = await installationHeaders(running, gapped.keys, given);
    const proof = await gapped.giveBack(given.name, { unanswered: refresh.requestId });
    const settled = await Promise.allSettled([
      answer(proof),
      running.lives(headers).refreshInstallation(refresh),
    ]);
    const [proven, refreshed] = outcomesOf(settled);
    expect(proven).toBe("done");
    outcomes.push(refreshed!);
    expect(await read(running, given.name)).toMatchObject({ state: ENDED, conflict: undefined });
  }
  const { done = 0, INSTALLATION_ENDED: late = 0 } = counted(outcomes);
  expect(done + late).toBe(rounds);
  expect(await own.refreshInstallation(refreshRequest(0n))).toMatchObject({ counter: 1n });
});

test("brought to many at once, a proof has one effect and one answer", async () => {
  await using twin = offlineClient(await running.startTwin());
  const proof = await machine.giveBack(name);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => answer(proof, n % 2 === 0 ? offline : twin)),
  );
  for (const one of answers) expect(one).toEqual(answers[0]);
  expect(await history(name)).toHaveLength(1);
});
