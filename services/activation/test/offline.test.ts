import { inspect } from "node:util";
import { type activation, LicenseState } from "@leasehold/contracts";
import { isProblem, Problem } from "@leasehold/kernel";
import {
  MAX_OFFLINE_REQUEST_AGE,
  MAX_REQUEST_FILE_BYTES,
  type OfflineRequestClaims,
  parseResponseFile,
  parseVendorFile,
  sealPublicKeyOf,
  signingKey,
  signOfflineRequest,
  thumbprint,
  verifyResponseFile,
} from "@leasehold/license-format";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { issuedLicense } from "./issued.ts";
import {
  type GappedMachine,
  gappedMachine,
  offlineClient,
  type OfflineClient,
  type RequestFile,
} from "./offline-requests.ts";
import {
  type RunningActivation,
  runningActivation,
  SEAL_PRIVATE_KEY,
} from "./running-activation.ts";
import { freshId, freshKey, unlockRequest, remember } from "./unlock-requests.ts";

const DAY_MS = 86_400_000;

let running: RunningActivation;
let offline: OfflineClient;
let machine: GappedMachine;
let licenses = 0;

beforeAll(async () => {
  running = await runningActivation();
  offline = offlineClient(running.address);
});
afterAll(async () => {
  await offline[Symbol.asyncDispose]();
  await running[Symbol.asyncDispose]();
});
beforeEach(async () => {
  running.issuer.failures.clear();
  running.issuer.beforeAnswer = () => Promise.resolve();
  machine = await gappedMachine();
});

/** A new license with a key of its own. */
function newLicense(given: Parameters<typeof issuedLicense>[2] = {}) {
  const key = freshKey();
  const license = issuedLicense(`offline-${++licenses}`, 1n, given);
  running.issuer.put(license, key.data);
  return { license, key: key.text };
}

function answer(
  { file }: Pick<RequestFile, "file">,
  requestId: string = freshId(),
): Promise<activation.AnswerOfflineRequestResponse> {
  return offline.answerOfflineRequest({ requestId, requestFile: file });
}

/** What a response file proves to a machine that has the root key alone. */
async function verified(responseFile: string) {
  const parsed = parseResponseFile(responseFile);
  if (parsed.kind === "refused") throw new Error(parsed.fault);
  const proven = await verifyResponseFile(parsed, running.issuer.rootKey, { now: Date.now() });
  if (proven.kind === "refused") throw new Error(proven.fault);
  return { ...proven.claims, request: parsed.request };
}

async function refusal(call: Promise<unknown>): Promise<Problem> {
  const thrown = await call.then(
    () => expect.unreachable("the call succeeded"),
    (error: unknown) => error,
  );
  if (!isProblem(thrown)) throw thrown;
  return thrown;
}

/** Why a file is refused, as metadata tells. */
async function fault(file: string): Promise<string | undefined> {
  const problem = await refusal(answer({ file }));
  expect(problem.reason).toBe("OFFLINE_FILE_REFUSED");
  return problem.metadata["fault"];
}

async function count(text: string, values: readonly unknown[]): Promise<number> {
  const [row] = await running.database.postgres.query<{ readonly n: bigint }>({
    text,
    values: [...values],
  });
  return Number(row?.n);
}

const installations = (license: string) =>
  count("select count(*) as n from installation where license = $1", [license]);

test("a request file to unlock is answered with a response that verifies by the root key alone", async () => {
  const { license, key } = newLicense();
  const request = await machine.unlock(key);
  const { installation, responseFile } = await answer(request);
  expect(installation).toMatchObject({ license: license.name, host: "bunker-7" });
  expect(await verified(responseFile)).toMatchObject({
    request: request.id,
    license: { license: license.name, terms: { seats: 3 } },
    installation: {
      installation: installation?.name,
      publicKeyThumbprint: thumbprint(machine.keys.publicKey),
      answers: request.id,
    },
  });
  expect(running.log).toContainEqual({
    level: "info",
    message: "request file answered",
    facts: {
      purpose: "UNLOCK",
      request: request.id,
      installation: installation?.name,
      license: license.name,
      product: "products/studio",
    },
  });
});

test("the fingerprint in the file comes to stand in the certificate", async () => {
  const { key } = newLicense();
  const components = { "machine-id": Buffer.alloc(32, 2).toString("base64url") };
  const fingerprint = { salt: Buffer.alloc(16, 1).toString("base64url"), components };
  const { responseFile } = await answer(await machine.unlock(key, { fingerprint }));
  expect(await verified(responseFile)).toMatchObject({ installation: { fingerprint } });
});

test("the same file again gets the same response, whoever brings it, with the issuer away", async () => {
  await using own = await runningActivation();
  await using desk = offlineClient(own.address);
  const key = freshKey();
  own.issuer.put(issuedLicense("again", 1n), key.data);
  const { file } = await machine.unlock(key.text);
  const requestId = freshId();
  const first = await desk.answerOfflineRequest({ requestId, requestFile: file });
  await own.stopIssuer();
  expect(await desk.answerOfflineRequest({ requestId, requestFile: file })).toEqual(first);
  const again = { requestId: freshId(), requestFile: file.replaceAll("\n", "\r\n") };
  expect(await desk.answerOfflineRequest(again)).toEqual(first);
});

test("what is done over a connection and by a file is one installation", async () => {
  const { license, key } = newLicense();
  const { installation } = await answer(await machine.unlock(key));
  const publicKey = Buffer.from(machine.keys.publicKey);
  remember(machine.keys);
  const online = await running.unlock(unlockRequest(key, { publicKey }));
  expect(online.installation).toEqual(installation);
  const other = await answer(await machine.unlock(key));
  expect(other.installation).toEqual(installation);
  expect(await installations(license.name)).toBe(1);
});

test("another request of the same id is refused as used, and does nothing", async () => {
  const { license, key } = newLicense();
  const { key: otherKey, license: otherLicense } = newLicense();
  const request = await machine.unlock(key);
  await answer(request);
  const other = await machine.unlock(otherKey, { id: request.id });
  expect(await refusal(answer(other))).toMatchObject({ reason: "OFFLINE_FILE_USED" });
  expect(await installations(otherLicense.name)).toBe(0);
  expect(await installations(license.name)).toBe(1);
});

test("an id that another machine used before is nobody's to block", async () => {
  const { key } = newLicense();
  const request = await machine.unlock(key);
  await answer(request);
  const victim = await gappedMachine();
  const { responseFile } = await answer(await victim.unlock(key, { id: request.id }));
  expect(await verified(responseFile)).toMatchObject({
    installation: { publicKeyThumbprint: thumbprint(victim.keys.publicKey) },
  });
});

test("a call that broke off after the installation was entered is finished by the same file", async () => {
  const { license, key } = newLicense();
  const request = await machine.unlock(key);
  const away = new Problem("DEPENDENCY_UNAVAILABLE", { message: "the key store is away" });
  running.issuer.failures.set("issueCertificates", away);
  expect(await refusal(answer(request))).toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
  expect(await installations(license.name)).toBe(1);
  const other = await machine.unlock(newLicense().key, { id: request.id });
  expect(await refusal(answer(other))).toMatchObject({ reason: "OFFLINE_FILE_USED" });
  running.issuer.failures.clear();
  const { responseFile } = await answer(request);
  expect(await verified(responseFile)).toMatchObject({ request: request.id });
  expect(await installations(license.name)).toBe(1);
});

test("a known installation gets certificates anew, as the license is by now", async () => {
  const { license, key } = newLicense();
  const { installation } = await answer(await machine.unlock(key));
  running.issuer.put(issuedLicense(license.name.split("/")[3]!, 2n));
  const request = await machine.ask("REFRESH", installation!.name);
  const refreshed = await answer(request);
  expect(refreshed.installation).toEqual(installation);
  expect(await verified(refreshed.responseFile)).toMatchObject({
    request: request.id,
    license: { revision: 2 },
    installation: { installation: installation!.name, answers: request.id },
  });
  expect((await answer(request)).responseFile).toBe(refreshed.responseFile);
});

test("why a license may not be used is told as over a connection", async () => {
  const { key } = newLicense();
  const { installation } = await answer(await machine.unlock(key));
  const request = await machine.ask("REFRESH", installation!.name);
  running.issuer.failures.set("issueCertificates", new Problem("LICENSE_REVOKED"));
  expect(await refusal(answer(request))).toMatchObject({ reason: "LICENSE_REVOKED" });
});

test("unknown key, wrong name, wrong product and a revoked license are refused alike", async () => {
  const { key } = newLicense();
  const revoked = newLicense({ state: LicenseState.REVOKED });
  const requests = await Promise.all([
    machine.unlock(freshKey().text),
    machine.unlock(key, { licenseeName: "Grace Hopper" }),
    machine.unlock(key, { product: "products/other" }),
    machine.unlock(revoked.key),
  ]);
  const told = await Promise.all(
    requests.map(async (request) => {
      const { reason, message, metadata } = await refusal(answer(request));
      return { reason, message, metadata: Object.keys(metadata) };
    }),
  );
  const metadata = ["support_reference"];
  for (const one of told) expect(one).toEqual({ ...told[0], reason: "UNLOCK_REFUSED", metadata });
});

test.each([
  ["mistyped", "2ABCD-EFGHJ-KMNPQ-RSTVW-XYZ01", "KEY_CHECK"],
  ["of an earlier generation", "LH1-4F7K-9QZX-11TP", "KEY_GENERATION_RETIRED"],
])("a sealed product key that is %s is refused as over a connection", async (_, typed, reason) => {
  expect(await refusal(answer(await machine.unlock(typed)))).toMatchObject({ reason });
});

/** The claims of a request to refresh an installation that is none. */
const CLAIMS: OfflineRequestClaims = {
  id: "01999999-0000-7000-8000-000000000001",
  deployment: "test.leasehold.local",
  product: "products/studio",
  madeAt: 0,
  host: "",
  version: "",
  purpose: "REFRESH",
  installation: "installations/01999999-0000-7000-8000-000000000002",
};

/** A request file with any header and payload, signed by somebody who has the key and no scruples. */
async function forged(header: object, payload: object, at: GappedMachine = machine) {
  const key = signingKey("install", at.keys.privateKey);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const own = { alg: "EdDSA", kid: key.kid, typ: "actreq+jwt", ...header };
  const token = await signOfflineRequest({ ...CLAIMS, madeAt: Date.now() }, at.keys.privateKey);
  const written = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as object;
  const signed = `${part(own)}.${part({ ...written, ...payload })}`;
  const signature = await key.sign(Buffer.from(signed));
  return block(`${signed}.${Buffer.from(signature).toString("base64url")}`);
}

function block(request: string): string {
  const body = Buffer.from(JSON.stringify({ request })).toString("base64");
  return `-----BEGIN LEASEHOLD REQUEST-----\n${body}\n-----END LEASEHOLD REQUEST-----\n`;
}

test.each<[string, string, () => Promise<string>]>([
  ["empty", "no-block", () => Promise.resolve("")],
  ["doubled", "doubled", async () => (await someFile()) + (await someFile())],
  ["cut off", "truncated", async () => (await someFile()).slice(0, -100)],
  ["part of a letter", "stray-text", async () => `Dear vendor,\n${await someFile()}`],
  ["missing a line", "malformed", async () => (await someFile()).replace(/(BEGIN.*\n).*\n/, "$1")],
  [
    "too large",
    "too-large",
    async () => `#${"x".repeat(MAX_REQUEST_FILE_BYTES)}\n${await someFile()}`,
  ],
  ["of claims that are none", "malformed", () => forged({}, { purpose: "TRANSFER" })],
  ["of a short fingerprint", "malformed", () => shortDigest()],
  ["signed by another algorithm", "algorithm", () => forged({ alg: "ES256" }, {})],
  ["of another token", "wrong-type", () => forged({ typ: "install-proof+jwt" }, {})],
  ["of a key that it does not bring", "unknown-key", () => forged({ kid: "A".repeat(43) }, {})],
  ["edited", "signature", () => edited()],
  ["for another deployment", "wrong-audience", () => foreign({ deployment: "other.example" })],
  ["too old", "expired", () => foreign({ madeAt: Date.now() - MAX_OFFLINE_REQUEST_AGE })],
  ["from the day after tomorrow", "not-yet", () => foreign({ madeAt: Date.now() + 2 * DAY_MS })],
  [
    "sealed to another deployment",
    "unknown-seal-key",
    () => foreign({ sealKey: sealPublicKeyOf(new Uint8Array(32).fill(9)) }),
  ],
  ["sealed by nothing that is known", "seal", () => foreign({ sealed: "a.b.c.d.e" })],
  ["with what another machine sealed", "foreign-seal", () => stolenSeal()],
  ["of an installation that is none", "unknown-installation", () => forged({}, {})],
  [
    "of an installation whose name is none",
    "unknown-installation",
    () => forged({}, { sub: "installations/x" }),
  ],
  ["a proof without a counter", "malformed", () => forged({}, { purpose: "DEACTIVATE" })],
  [
    "a proof of an installation that is none",
    "unknown-installation",
    () => forged({}, { purpose: "DEACTIVATE", counter: 0 }),
  ],
])("a file that is %s is refused as %s", async (_, expected, make) => {
  const before = await count("select count(*) as n from installation", []);
  expect(await fault(await make())).toBe(expected);
  expect(await count("select count(*) as n from installation", [])).toBe(before);
});

const someFile = async () => (await machine.unlock(freshKey().text)).file;
const foreign = async (given: Parameters<GappedMachine["unlock"]>[1]) =>
  (await machine.unlock(newLicense().key, given)).file;

async function edited(): Promise<string> {
  const { token } = await machine.unlock(newLicense().key, { host: "a" });
  const [header, payload = "", signature] = token.split(".");
  const other = Buffer.from(payload, "base64url").toString().replace('"host":"a"', '"host":"b"');
  return block([header, Buffer.from(other).toString("base64url"), signature].join("."));
}

function shortDigest(): Promise<string> {
  const salt = Buffer.alloc(16).toString("base64url");
  const components = { cpu: Buffer.alloc(31).toString("base64url") };
  return foreign({ fingerprint: { salt, components } });
}

/** A thief who saw a request file moves its sealed product key into a request of their own. */
async function stolenSeal(): Promise<string> {
  const { key } = newLicense();
  const { token, id } = await machine.unlock(key);
  const payload = Buffer.from(token.split(".")[1]!, "base64url").toString();
  const { sealed } = JSON.parse(payload) as { readonly sealed: string };
  const thief = await gappedMachine();
  return (await thief.unlock(freshKey().text, { sealed, id })).file;
}

test("a file that is out of its time is told what time it is here", async () => {
  const { metadata } = await refusal(
    answer({ file: await foreign({ madeAt: Date.now() - 40 * DAY_MS }) }),
  );
  expect(Math.abs(Date.parse(metadata["server_time"] ?? "") - Date.now())).toBeLessThan(60_000);
});

test("an installation is refreshed by its own key alone, and for its own product", async () => {
  const { key } = newLicense();
  const { installation } = await answer(await machine.unlock(key));
  const other = await gappedMachine();
  const foreignKey = await other.ask("REFRESH", installation!.name);
  expect(await fault(foreignKey.file)).toBe("unknown-installation");
  const product = await machine.ask("REFRESH", installation!.name, { product: "products/other" });
  expect(await fault(product.file)).toBe("wrong-audience");
});

test("a request id that is none, or was another file's, is refused", async () => {
  const { key } = newLicense();
  const request = await machine.unlock(key);
  expect(await refusal(answer(request, "1"))).toMatchObject({ reason: "INVALID_REQUEST" });
  const requestId = freshId();
  await answer(request, requestId);
  expect(await refusal(answer(await machine.unlock(key), requestId))).toMatchObject({
    reason: "REQUEST_ID_REUSED",
  });
});

test("neither product key nor file is in the log, whatever becomes of them", async () => {
  const { key } = newLicense();
  const request = await machine.unlock(key);
  await answer(request);
  await fault(block(request.token.slice(0, -4)));
  const lines = inspect(running.log, { depth: null, maxArrayLength: null, maxStringLength: null });
  expect(lines).not.toContain(key);
  expect(lines).not.toContain(request.token.split(".")[1]!.slice(0, 60));
});

test("the vendor file tells a machine all that it needs to ask", async () => {
  const { vendorFile } = await offline.getVendorFile({});
  expect(parseVendorFile(vendorFile)).toMatchObject({
    kind: "parsed",
    deployment: "test.leasehold.local",
    trustRoot: running.issuer.rootKey,
    sealKey: sealPublicKeyOf(SEAL_PRIVATE_KEY),
  });
});

test("files that are too old to be accepted are forgotten when another one is answered", async () => {
  const { key } = newLicense();
  const old = await machine.unlock(key, { madeAt: Date.now() - MAX_OFFLINE_REQUEST_AGE + DAY_MS });
  await answer(old);
  const known = () =>
    count("select count(*) as n from offline_request where request_id = $1", [old.id]);
  expect(await known()).toBe(1);
  await running.database.postgres.query({
    text: "update offline_request set expire_time = now() where request_id = $1",
    values: [old.id],
  });
  await answer(await machine.unlock(key));
  expect(await known()).toBe(0);
});

test("a service without a key to seal to does not answer request files", async () => {
  await using own = await runningActivation({ withSealKeys: false });
  await using desk = offlineClient(own.address);
  const { cause } = await refusal(desk.getVendorFile({}));
  expect(cause).toMatchObject({ code: 12 });
});
