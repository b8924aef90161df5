import { activation } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  change,
  newMachine,
  read,
  refreshRequest,
  refusal,
  counted,
  outcomesOf,
} from "./installation-scene.ts";
import { type Person, type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId, unlockRequest } from "./unlock-requests.ts";

const { InstallationParty: Party, InstallationState: State } = activation;
const ABSENT = "installations/01999999-0000-7000-8000-000000000009";

let running: RunningActivation;

beforeAll(async () => {
  running = await runningActivation();
});
afterAll(() => running[Symbol.asyncDispose]());

const STATE_METHODS = [
  "disableInstallation",
  "enableInstallation",
  "deactivateInstallation",
] as const;

/** The last that the feed tells of a license. */
async function told(license: string): Promise<activation.Entitlement> {
  let last: activation.Entitlement | undefined;
  for await (const { step } of running.broker.watchEntitlements({ afterFeedRevision: 0n })) {
    if (step?.$case === "entitlement" && step.value.license === license) last = step.value;
    if (step === undefined) break;
  }
  if (last === undefined) throw new Error("the feed does not tell of the license");
  return last;
}

async function historyOf(name: string) {
  return running.database.postgres.query<{
    readonly kind: string;
    readonly party: string;
    readonly subject: string;
    readonly why: string;
  }>({
    text: "select kind, party, subject, why from installation_change where installation = $1 order by number",
    values: [name.slice("installations/".length)],
  });
}

test("a disabled installation gets no certificate and no unlocking until it is enabled, and brokers hear of both", async () => {
  const { installation, license, livesCredentials, key, publicKey } = await newMachine(running);
  const { name } = installation;
  const disabled = await running.lives("ada").disableInstallation(change(name, { why: "lost" }));
  expect(disabled.installation).toMatchObject({
    state: State.DISABLED,
    vendorOnly: false,
    stateChange: { party: Party.CUSTOMER, why: "lost" },
  });
  const barred = await told(license);
  expect(barred).toMatchObject({ barredInstallations: [name], revision: 1n });
  const own = running.lives(livesCredentials);
  const refused = { reason: "INSTALLATION_DISABLED" };
  await expect(own.refreshInstallation(refreshRequest(0n))).rejects.toMatchObject(refused);
  const again = unlockRequest(key, { publicKey: Buffer.from(publicKey) });
  await expect(running.unlock(again)).rejects.toMatchObject(refused);

  await running.lives("ada").enableInstallation(change(name, { why: "found" }));
  const lifted = await told(license);
  expect(lifted.barredInstallations).toEqual([]);
  expect(lifted.barredRevision).toBeGreaterThan(barred.barredRevision);
  expect(await own.refreshInstallation(refreshRequest(0n))).toMatchObject({ counter: 1n });
  expect(await historyOf(name)).toEqual([
    { kind: "DISABLED", party: "CUSTOMER", subject: "accounts/ada", why: "lost" },
    { kind: "ENABLED", party: "CUSTOMER", subject: "accounts/ada", why: "found" },
  ]);
});

test("what the vendor disabled the customer cannot enable, and is told so before", async () => {
  const { installation } = await newMachine(running);
  const { name } = installation;
  const tried = await running.lives().disableInstallation(change(name, { validateOnly: true }));
  expect(tried.installation).toMatchObject({ state: State.DISABLED, vendorOnly: true });
  expect(await read(running, name)).toMatchObject({ state: State.ACTIVE, vendorOnly: false });
  await running.lives().disableInstallation(change(name));
  expect(await refusal(running.lives("ada").enableInstallation(change(name)))).toMatchObject({
    reason: "PERMISSION_DENIED",
  });
  const { installation: enabled } = await running.lives().enableInstallation(change(name));
  expect(enabled).toMatchObject({ state: State.ACTIVE, vendorOnly: false });
});

test("the vendor may take over what the customer disabled, and not the other way round", async () => {
  const { name } = (await newMachine(running)).installation;
  await running.lives("ada").disableInstallation(change(name));
  const { installation } = await running.lives().disableInstallation(change(name));
  expect(installation).toMatchObject({ vendorOnly: true, stateChange: { party: Party.VENDOR } });
  expect(await refusal(running.lives("ada").disableInstallation(change(name)))).toMatchObject({
    reason: "STATE_CONFLICT",
    metadata: { state: "DISABLED" },
  });
});

test("a deactivated installation is over for everybody, and the issuer hears of it", async () => {
  const { installation, license, livesCredentials, key, publicKey } = await newMachine(running);
  const { name } = installation;
  const ended = await running.lives("ada").deactivateInstallation(change(name, { why: "sold" }));
  expect(ended.installation).toMatchObject({
    state: State.ENDED,
    successor: "",
    stateChange: { party: Party.CUSTOMER, why: "sold" },
  });
  expect(await told(license)).toMatchObject({ barredInstallations: [name] });
  const over = { reason: "INSTALLATION_ENDED" };
  for (const method of STATE_METHODS)
    expect(await refusal(running.lives()[method](change(name)))).toMatchObject(over);
  await expect(
    running.lives(livesCredentials).refreshInstallation(refreshRequest(0n)),
  ).rejects.toMatchObject(over);
  const again = unlockRequest(key, { publicKey: Buffer.from(publicKey) });
  await expect(running.unlock(again)).rejects.toMatchObject(over);
  await vi.waitFor(() => expect(running.issuer.revoked).toContain(name), { timeout: 15_000 });
});

test("the issuer hears of what ended while it was away, once it is back", async () => {
  await using alone = await runningActivation();
  const { installation } = await newMachine(alone);
  await alone.stopIssuer();
  await alone.lives().deactivateInstallation(change(installation.name));
  await alone.startIssuer();
  await alone.restart();
  await vi.waitFor(() => expect(alone.issuer.revoked).toEqual([installation.name]), {
    timeout: 15_000,
  });
});

test("what ended so long ago that no certificate is left is barred no more", async () => {
  const { installation, license } = await newMachine(running);
  await running.lives().deactivateInstallation(change(installation.name));
  await running.database.postgres.query({
    text: "update installation set barred_until = now() - interval '1 minute' where id = $1",
    values: [installation.name.slice("installations/".length)],
  });
  expect(await told(license)).toMatchObject({ barredInstallations: [] });
});

test("an installation deactivates and renames itself, and no other one", async () => {
  const mine = await newMachine(running);
  const foreign = await newMachine(running);
  const own = running.lives(mine.livesCredentials);
  const named = (name: string) => ({ requestId: freshId(), name, displayName: "Mill" });
  const absent = await refusal(own.renameInstallation(named(ABSENT)));
  expect(absent).toMatchObject({ reason: "NOT_FOUND" });
  const theirs = foreign.installation.name;
  expect(await refusal(own.renameInstallation(named(theirs)))).toEqual(absent);
  expect(await refusal(own.deactivateInstallation(change(theirs)))).toEqual(absent);
  const { name } = mine.installation;
  expect((await own.renameInstallation(named(name))).installation).toMatchObject({
    displayName: "Mill",
  });
  expect((await own.deactivateInstallation(change(name))).installation).toMatchObject({
    state: State.ENDED,
    stateChange: { party: Party.INSTALLATION },
  });
  for (const method of ["disableInstallation", "enableInstallation"] as const)
    expect(await refusal(own[method](change(name)))).toMatchObject({
      reason: "PERMISSION_DENIED",
    });
});

test("a name is kept as the text that it is, in normal form, and may be taken away", async () => {
  const { name } = (await newMachine(running)).installation;
  for (const [typed, kept] of [
    ["'; drop table installation; --", "'; drop table installation; --"],
    ["Mu\u0308hle", "M\u00fchle"],
    ["", ""],
  ] as const) {
    const request = { requestId: freshId(), name, displayName: typed };
    await running.lives("ada").renameInstallation(request);
    expect(await read(running, name)).toMatchObject({ displayName: kept });
  }
});

test.each([...STATE_METHODS, "renameInstallation"] as const)(
  "%s: another customer's people find nothing, those who only look may not, bad requests are named",
  async (method) => {
    const { name } = (await newMachine(running)).installation;
    const as = (who: Person, of: string) => {
      const request = { ...change(of), displayName: "x" };
      return refusal(running.lives(who)[method](request));
    };
    const absent = await as("mallory", ABSENT);
    expect(absent).toMatchObject({ reason: "NOT_FOUND" });
    expect(await as("mallory", name)).toEqual(absent);
    expect(await as("ada", ABSENT)).toEqual(absent);
    expect(await as("luigi", name)).toMatchObject({ reason: "PERMISSION_DENIED" });
    expect(await as("ada", "installations/x")).toMatchObject({
      reason: "INVALID_REQUEST",
      violations: [{ field: "name" }],
    });
    const bad = { ...change(name), requestId: "1", displayName: "x".repeat(201) };
    expect(await refusal(running.lives()[method](bad))).toMatchObject({
      reason: "INVALID_REQUEST",
      violations: expect.arrayContaining([expect.objectContaining({ field: "request_id" })]) as [],
    });
    expect(
      await refusal(running.lives({})[method]({ ...change(name), displayName: "" })),
    ).toMatchObject({
      reason: "UNAUTHENTICATED",
    });
    expect(await read(running, name)).toMatchObject({ state: State.ACTIVE, displayName: "" });
  },
);

test.each(STATE_METHODS)("%s takes a word why of 500 code points at most", async (method) => {
  const { name } = (await newMachine(running)).installation;
  const call = running.lives()[method](change(name, { why: "x".repeat(501) }));
  expect(await refusal(call)).toMatchObject({ violations: [{ field: "why" }] });
});

test("a change that is repeated is done once; its request id is good for no other, and for nobody else", async () => {
  const { name } = (await newMachine(running)).installation;
  const request = change(name, { why: "lost" });
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => running.lives("ada").disableInstallation(request)),
  );
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await historyOf(name)).toHaveLength(1);
  const reused = { reason: "REQUEST_ID_REUSED" };
  expect(
    await refusal(running.lives("ada").disableInstallation({ ...request, why: "sold" })),
  ).toMatchObject(reused);
  expect(await refusal(running.lives("mallory").disableInstallation(request))).toMatchObject(
    reused,
  );
});

test("of twenty who disable at once one does; enabling and ending at once leaves it ended", async () => {
  const { installation, license } = await newMachine(running);
  const { name } = installation;
  const disabling = await Promise.allSettled(
    Array.from({ length: 20 }, () => running.lives("ada").disableInstallation(change(name))),
  );
  expect(counted(outcomesOf(disabling))).toEqual({ done: 1, STATE_CONFLICT: 19 });
  await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      n === 7
        ? running.lives().deactivateInstallation(change(name))
        : running.lives("ada").enableInstallation(change(name)),
    ),
  );
  expect(await read(running, name)).toMatchObject({ state: State.ENDED });
  expect(await told(license)).toMatchObject({ barredInstallations: [name] });
});

test("the history cannot be changed", async () => {
  const { name } = (await newMachine(running)).installation;
  await running.lives().disableInstallation(change(name));
  await expect(
    running.database.postgres.query({ text: "delete from installation_change" }),
  ).rejects.toThrow("append-only");
});

test("people of the customer read an installation; to others it is as if it were not there", async () => {
  const { name } = (await newMachine(running)).installation;
  const readAs = (who: Person, of: string) =>
    running.client({ authorization: `Bearer ${who}` }).getInstallation({ name: of });
  for (const who of ["ada", "luigi"] as const)
    expect(await readAs(who, name)).toMatchObject({ installation: { name } });
  expect(await refusal(readAs("mallory", name))).toEqual(await refusal(readAs("mallory", ABSENT)));
});
