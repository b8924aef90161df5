import { activation, LicenseModel, LicenseTerms } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import { client, connect } from "@leasehold/rpc-client";
import { replyOnce, transaction } from "@leasehold/store-kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issuedLicense, issuedTerms } from "./issued.ts";
import { change, newLicense, newMachine, read, refreshRequest } from "./installation-scene.ts";
import { gappedMachine, offlineClient } from "./offline-requests.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId } from "./unlock-requests.ts";

// What is written to be understood by somebody else than a reader of text: a database, a template, a log.

const HOSTILE = [
  "'; drop table installation; --",
  '" or 1=1 --',
  "$1::text",
  "${jndi:ldap://x}",
  "{{7*7}}<%= 7*7 %>",
  "%s%n\\u0000\\n",
  '{"level":"error","msg":"forged"}',
  "../../etc/passwd",
];

const DESK = "desk-of-resources";
let running: RunningActivation;
const open = new AsyncDisposableStack();
beforeAll(async () => {
  running = open.use(
    await runningActivation({
      accepts: {
        [DESK]: { kind: "administrator", subject: "desk", permissions: new Set(["*"]) },
      },
    }),
  );
});
afterAll(() => open.disposeAsync());

/** As a value of a filter. */
const quoted = (text: string): string => `"${text.replaceAll(/[\\"*]/g, "\\$&")}"`;

const reasonOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "done",
    (error: unknown) => (isProblem(error) ? error.reason : String(error)),
  );

test.each(HOSTILE)(
  "%j is text wherever an installation or its administrator writes one",
  async (text) => {
    const { installation, livesCredentials } = await newMachine(running, { host: text });
    const { name } = installation;
    expect(installation.host).toBe(text);
    await running.lives(livesCredentials).refreshInstallation(
      refreshRequest(0n, {
        host: `${text} `.trim(),
        applicationVersion: text,
        evidence: activation.MachineEvidence.fromPartial({ vendor: text, model: text }),
      }),
    );
    await running.lives().renameInstallation({ requestId: freshId(), name, displayName: text });
    await running.lives().disableInstallation({ ...change(name), why: text });
    expect(await read(running, name)).toMatchObject({
      host: text,
      applicationVersion: text,
      displayName: text,
      evidence: { vendor: text, model: text },
      stateChange: { why: text },
    });
    const filter = `display_name = ${quoted(text)}`;
    const parent = installation.license;
    const listed = await running.lives().listInstallations({ parent, filter });
    expect(listed.installations.map((one) => one.name)).toEqual([name]);
  },
);

test.each(HOSTILE)("%j is text in a request file", async (text) => {
  const { key } = newLicense(running);
  const desk = open.use(offlineClient(running.address));
  const { file } = await (await gappedMachine()).unlock(key, { host: text });
  const { installation } = await desk.answerOfflineRequest({
    requestId: freshId(),
    requestFile: file,
  });
  expect(installation?.host).toBe(text);
});

test.each(HOSTILE)("%j is text in the names of a resource", async (text) => {
  const desk = resources();
  const parent = await customerOf();
  const resource = activation.Resource.fromPartial({ externalId: text, displayName: text });
  const registered = await desk.registerResource({ requestId: freshId(), parent, resource });
  expect(registered.resource).toMatchObject({ externalId: text, displayName: text });
  const filter = `external_id = ${quoted(text)}`;
  const listed = await desk.listResources({ parent, filter });
  expect(listed.resources.map(({ name }) => name)).toEqual([registered.resource?.name]);
});

function resources() {
  const channel = open.use(connect(running.address));
  return client(activation.ResourceServiceDefinition, channel, {
    metadata: () => ({ authorization: `Bearer ${DESK}` }),
  });
}

let customers = 0;
/** A customer with a license, which activation knows of. */
async function customerOf(): Promise<string> {
  const customer = `customers/hostile-${++customers}`;
  const terms = LicenseTerms.fromPartial({ ...issuedTerms(), model: LicenseModel.RESOURCE });
  running.issuer.put(issuedLicense("", 1n, { name: `${customer}/licenses/1`, terms }));
  const known = {
    text: "select 1 from entitlement where license like $1",
    values: [`${customer}/%`],
  };
  await expect
    .poll(() => running.database.postgres.query(known), { timeout: 10_000 })
    .toHaveLength(1);
  return customer;
}

test("a line end in any of them is refused, and every entry of the log is one line", async () => {
  const { installation, livesCredentials } = await newMachine(running);
  const { name } = installation;
  const forged = 'x\n{"level":"error"}';
  const own = running.lives(livesCredentials);
  for (const call of [
    () => own.refreshInstallation(refreshRequest(0n, { host: forged })),
    () => own.refreshInstallation(refreshRequest(0n, { applicationVersion: forged })),
    () => running.lives().renameInstallation({ requestId: freshId(), name, displayName: forged }),
    () => running.lives().disableInstallation({ ...change(name), why: forged }),
    () => running.lives().deactivateInstallation({ ...change(name), why: forged }),
  ])
    expect(await reasonOf(call())).toBe("INVALID_REQUEST");
  for (const { message } of running.log) expect(message).not.toContain("\n");
});

test("a request whose first call is still under way is told so, and done once", async () => {
  const { installation } = await newMachine(running);
  const { name } = installation;
  const request = { requestId: freshId(), name, displayName: "The mill" };
  const claim = { requestId: request.requestId, method: "RenameInstallation", body: Buffer.of(1) };
  await transaction(running.database.postgres, (tx) =>
    replyOnce(tx, claim, async () => {
      expect(await reasonOf(running.lives().renameInstallation(request))).toBe("REQUEST_IN_FLIGHT");
      return Buffer.of(2);
    }),
  );
  expect((await read(running, name)).displayName).toBe("");
}, 30_000);

test("while Postgres hangs, what needs it is told so, and the rest keeps serving", async () => {
  const { installation } = await newMachine(running);
  const { name } = installation;
  await transaction(running.database.postgres, async (tx) => {
    await tx.query({ text: "lock table installation in access exclusive mode" });
    // Without the contract's services a channel tries nothing again, and so hides no reason.
    const channel = open.use(connect(running.address, { services: [] }));
    const asking = client(activation.ActivationServiceDefinition, channel, {
      metadata: () => ({ authorization: `Bearer ${DESK}` }),
    });
    const reading = reasonOf(asking.getInstallation({ name }));
    await running.anyone.createChallenge({});
    const desk = open.use(offlineClient(running.address));
    expect((await desk.getVendorFile({})).vendorFile).toContain("# Deployment: ");
    expect(await reading).toBe("DEPENDENCY_UNAVAILABLE");
  });
  expect((await read(running, name)).name).toBe(name);
}, 30_000);
