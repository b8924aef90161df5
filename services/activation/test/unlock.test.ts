import type { activation } from "@leasehold/contracts";
import { Problem } from "@leasehold/kernel";
import { newProductKey, thumbprint, verifyLicenseFile } from "@leasehold/license-format";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { issuedLicense, issuedTerms, POLICY } from "./issued.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId, freshKey, unlockRequest } from "./unlock-requests.ts";
import { unlockedInstallation } from "./unlocked-installation.ts";

let running: RunningActivation;
let licenses = 0;

beforeAll(async () => {
  running = await runningActivation();
});
afterAll(() => running[Symbol.asyncDispose]());
beforeEach(() => {
  running.issuer.failures.clear();
  running.issuer.beforeAnswer = () => Promise.resolve();
});

/** A new license with a key of its own. */
function newLicense(given: Parameters<typeof issuedLicense>[2] = {}) {
  const key = freshKey();
  const license = issuedLicense(`unlock-${++licenses}`, 1n, given);
  running.issuer.put(license, key.data);
  return { license, key: key.text };
}

async function installations(license: string): Promise<number> {
  const [row] = await running.database.postgres.query<{ readonly n: bigint }>({
    text: "select count(*) as n from installation where license = $1",
    values: [license],
  });
  return Number(row?.n);
}

/** All that a caller gets to see of a refusal. */
async function refusal(call: Promise<unknown>): Promise<object> {
  const problem = await call.then(
    () => expect.unreachable("the call succeeded"),
    (error: unknown) => error as Problem,
  );
  const { reason, message, metadata, violations, retryAfterMs } = problem;
  return { reason, message, metadata, violations, retryAfterMs };
}

test("one key unlocks: the answer holds the installation, its terms, and a license file that verifies offline", async () => {
  const { license, key } = newLicense();
  const digest = Buffer.alloc(32, 2);
  const unlocked = await unlockedInstallation(running, key, {
    fingerprint: { salt: Buffer.alloc(16, 1), components: { "machine-id": digest } },
  });
  expect(unlocked.installation).toMatchObject({ license: license.name, host: "workstation-7" });
  expect(unlocked.terms).toMatchObject({
    seats: 3,
    features: [
      { feature: "dataflow", limit: undefined },
      { feature: "diagrams", limit: 200n },
    ],
  });
  const verified = await verifyLicenseFile(unlocked.file, running.issuer.rootKey, {
    product: "products/studio",
    now: Date.now(),
  });
  expect(verified).toMatchObject({
    kind: "verified",
    claims: {
      license: { license: license.name, terms: { seats: 3 } },
      installation: {
        installation: unlocked.installation.name,
        publicKeyThumbprint: thumbprint(unlocked.publicKey),
        fingerprint: { components: { "machine-id": digest.toString("base64url") } },
      },
    },
  });
});

test("whoever unlocks is told the seats of features and the seat policy, but not whom it treats apart", async () => {
  const features = [{ feature: "diagrams", limit: 200n, seats: 2 }];
  const { key } = newLicense({ terms: issuedTerms({ features, seatPolicy: POLICY }) });
  const request = unlockRequest(key);
  const { terms } = await running.unlock(request);
  const open = { groups: [], includeGroups: [], excludeGroups: [] };
  expect(terms).toMatchObject({ features, seatPolicy: { ...POLICY, ...open } });
  expect((await running.unlock(request)).terms).toEqual(terms);
});

test("the same public key unlocks the same installation again, as it was first entered", async () => {
  const { license, key } = newLicense();
  const request = unlockRequest(key);
  const first = await running.unlock(request);
  const again = await running.unlock({ ...request, requestId: freshId(), host: "renamed" });
  expect(again.installation).toEqual(first.installation);
  const other = await running.unlock(unlockRequest(key));
  expect(other.installation?.name).not.toBe(first.installation?.name);
  expect(await installations(license.name)).toBe(2);
});

test("twenty parallel calls with one request id make one installation and get one answer", async () => {
  const { license, key } = newLicense();
  const request = unlockRequest(key);
  const answers = await Promise.all(Array.from({ length: 20 }, () => running.unlock(request)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await installations(license.name)).toBe(1);
});

test("a repetition may tell the components of its fingerprint in another order, as maps have none", async () => {
  const { key } = newLicense();
  const components = { "machine-id": Buffer.alloc(32, 1), disk: Buffer.alloc(32, 2) };
  const salt = Buffer.alloc(16);
  const request = unlockRequest(key, { fingerprint: { salt, components } });
  const first = await running.unlock(request);
  const { disk, ...others } = components;
  const turned = { salt, components: { disk, ...others } };
  expect(await running.unlock({ ...request, fingerprint: turned })).toEqual(first);
});

test("twenty parallel calls with one public key make one installation", async () => {
  const { license, key } = newLicense();
  const request = unlockRequest(key);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => running.unlock({ ...request, requestId: freshId() })),
  );
  expect(new Set(answers.map(({ installation }) => installation?.name)).size).toBe(1);
  expect(await installations(license.name)).toBe(1);
});

test("a repetition gets the first answer, even after a restart, with the issuer away", async () => {
  await using own = await runningActivation();
  const key = freshKey();
  own.issuer.put(issuedLicense("repeated", 1n), key.data);
  const request = unlockRequest(key.text);
  const first = await own.unlock(request);
  await own.stopIssuer();
  await own.restart();
  expect(await own.unlock(request)).toEqual(first);
});

test("a call that broke off between the issuer's answers is finished by its repetition", async () => {
  const { license, key } = newLicense();
  const request = unlockRequest(key);
  const away = new Problem("DEPENDENCY_UNAVAILABLE", { message: "the key store is away" });
  running.issuer.failures.set("issueCertificates", away);
  await expect(running.unlock(request)).rejects.toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
  expect(await installations(license.name)).toBe(1);
  running.issuer.failures.clear();
  const { installation } = await running.unlock(request);
  expect(installation?.license).toBe(license.name);
  expect(await installations(license.name)).toBe(1);
});

test("a caller that gave up and calls again gets the installation that was made meanwhile", async () => {
  const { license, key } = newLicense();
  const request = unlockRequest(key);
  const control = new AbortController();
  running.issuer.beforeAnswer = async (method) => {
    if (method === "issueCertificates") control.abort();
  };
  await expect(running.unlock(request, { signal: control.signal })).rejects.toMatchObject({
    reason: "CANCELLED",
  });
  const { installation } = await running.unlock(request);
  expect(installation?.license).toBe(license.name);
  expect(await installations(license.name)).toBe(1);
});

test("a request id that comes again with another body is refused", async () => {
  const { license, key } = newLicense();
  const request = unlockRequest(key);
  await running.unlock(request);
  const other = { ...request, publicKey: Buffer.alloc(32, 9) };
  await expect(running.unlock(other)).rejects.toMatchObject({
    reason: "REQUEST_ID_REUSED",
  });
  expect(await installations(license.name)).toBe(1);
});

test("what the issuer refuses for a reason of the license passes through unchanged", async () => {
  const { key } = newLicense();
  const expired = new Problem("LICENSE_EXPIRED", {
    message: "the license is over",
    metadata: { end_time: "2026-01-01T00:00:00Z" },
  });
  running.issuer.failures.set("verifyProductKey", expired);
  expect(await refusal(running.unlock(unlockRequest(key)))).toMatchObject({
    reason: "LICENSE_EXPIRED",
    message: "the license is over",
    metadata: { end_time: "2026-01-01T00:00:00Z" },
  });
});

test("that the issuer does not accept this service is this service's defect, not the caller's", async () => {
  const { key } = newLicense();
  running.issuer.failures.set("verifyProductKey", new Problem("PERMISSION_DENIED"));
  await expect(running.unlock(unlockRequest(key))).rejects.toMatchObject({
    reason: "INTERNAL",
    message: "internal error",
  });
});

test("that the issuer is away is told without saying where it was looked for", async () => {
  await using own = await runningActivation();
  await own.stopIssuer();
  const told = await refusal(own.unlock(unlockRequest(freshKey().text)));
  expect(told).toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
    message: "the issuer is unavailable",
  });
  expect(JSON.stringify(told)).not.toContain("127.0.0.1");
});

test("a product key may be typed in lower case, with other separators and full-width digits", async () => {
  const { license, key } = newLicense();
  const typed = key.toLowerCase().replaceAll("-", " ").replaceAll("2", "２").replaceAll("0", "o");
  const { installation } = await running.unlock(unlockRequest(typed));
  expect(installation?.license).toBe(license.name);
});

test.each([
  ["mistyped", (key: string) => swapLast(key), "KEY_CHECK"],
  ["cut off", (key: string) => key.slice(0, -1), "KEY_CHECK"],
  ["of foreign letters", () => "ЖЖЖЖЖ-ЖЖЖЖЖ-ЖЖЖЖЖ-ЖЖЖЖЖ-ЖЖЖЖЖ", "KEY_CHECK"],
  ["with an emoji", (key: string) => `${key}😀`, "KEY_CHECK"],
  ["with a NUL", (key: string) => `${key}\0`, "KEY_CHECK"],
  ["with a mark that turns the text", (key: string) => `\u202e${key}`, "KEY_CHECK"],
  ["longer than any", (key: string) => key.repeat(10), "KEY_CHECK"],
  ["absent", () => "", "KEY_CHECK"],
])("a product key that is %s is refused before the issuer is asked", async (_, typed, reason) => {
  const asked = running.issuer.count("verifyProductKey");
  const request = unlockRequest(typed(newProductKey((n) => new Uint8Array(n).fill(3)).text));
  await expect(running.unlock(request)).rejects.toMatchObject({ reason });
  expect(running.issuer.count("verifyProductKey")).toBe(asked);
});

test("of a key of an earlier generation the product's contact is told, or the deployment's", async () => {
  const request = unlockRequest("LH1-4F7K-9QZX-11TP");
  const told = (contact: string) => ({ reason: "KEY_GENERATION_RETIRED", metadata: { contact } });
  await expect(running.unlock(request)).rejects.toMatchObject(told("studio-sales@example.com"));
  running.issuer.failures.set("verifyProductKey", new Problem("DEPENDENCY_UNAVAILABLE"));
  await expect(running.unlock(request)).rejects.toMatchObject(told("sales@example.com"));
});

test.each([
  ["request_id", { requestId: "1" }],
  ["request_id", { requestId: freshId().toUpperCase() }],
  ["licensee_name", { licenseeName: "" }],
  ["licensee_name", { licenseeName: "x".repeat(10_000) }],
  ["licensee_name", { licenseeName: "Ada\nLovelace" }],
  ["licensee_name", { licenseeName: "Ada \ud800" }],
  ["licensee_name", { licenseeName: `e${"\u0301".repeat(10_000)}` }],
  ["licensee_name", { licenseeName: "Ada\u202eecalevoL" }],
  ["licensee_organization", { licenseeOrganization: "   " }],
  ["host", { host: "host\u0000" }],
  ["product", { product: "studio" }],
  ["product", { product: "products/__proto__" }],
  ["public_key", { publicKey: Buffer.alloc(31) }],
  ["public_key", { publicKey: Buffer.alloc(0) }],
  ["fingerprint.salt", { fingerprint: { salt: Buffer.alloc(4), components: {} } }],
  [
    "fingerprint.components[0]",
    {
      fingerprint: { salt: Buffer.alloc(16), components: { "machine id": Buffer.alloc(32) } },
    },
  ],
  [
    "fingerprint.components[0]",
    { fingerprint: { salt: Buffer.alloc(16), components: { disk: Buffer.alloc(33) } } },
  ],
  [
    "fingerprint.components",
    {
      fingerprint: {
        salt: Buffer.alloc(16),
        components: Object.fromEntries(
          Array.from({ length: 33 }, (_, n) => [`disk-${n}`, Buffer.alloc(32)]),
        ),
      },
    },
  ],
] satisfies [string, Partial<activation.UnlockRequest>][])(
  "a bad %s is named, and nothing else happens (%#)",
  async (field, given) => {
    const asked = running.issuer.count("verifyProductKey");
    const request = unlockRequest(freshKey().text, given);
    expect(await refusal(running.unlock(request))).toMatchObject({
      reason: "INVALID_REQUEST",
      violations: [{ field }],
    });
    expect(running.issuer.count("verifyProductKey")).toBe(asked);
  },
);

test.each(["'; drop table installation; --", "${jndi:ldap://x}", "{{7*7}}", "%s%n\\u0000"])(
  "the host name %j is kept as the text that it is",
  async (host) => {
    const { key } = newLicense();
    const { installation } = await running.unlock(unlockRequest(key, { host }));
    const read = await running.desk.getInstallation({ name: installation?.name ?? "" });
    expect(read.installation?.host).toBe(host);
  },
);

test("neither product keys nor names of people reach the log", async () => {
  const { key } = newLicense();
  await running.unlock(unlockRequest(key));
  await refusal(running.unlock(unlockRequest(swapLast(key))));
  await refusal(running.unlock(unlockRequest(key, { licenseeName: "Grace Hopper" })));
  const log = JSON.stringify(running.log, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(log).toContain("unlocked");
  for (const secret of [key, key.replaceAll("-", ""), "Lovelace", "Hopper"])
    expect(log).not.toContain(secret);
});

test("an installation reads itself; to another one it is as if it were not there", async () => {
  const { key } = newLicense();
  const mine = await unlockedInstallation(running, key);
  const foreign = await unlockedInstallation(running, key);
  const { getInstallation } = running.client(mine.credentials);
  const { installation } = mine;
  expect(await getInstallation({ name: installation.name })).toEqual({ installation });
  const unknown = await refusal(getInstallation({ name: `installations/${freshId()}` }));
  expect(unknown).toMatchObject({ reason: "NOT_FOUND" });
  expect(await refusal(getInstallation({ name: foreign.installation.name }))).toEqual(unknown);
});

test("only the desk and installations read installations", async () => {
  const { key } = newLicense();
  const { installation } = await unlockedInstallation(running, key);
  const { name } = installation;
  expect(await running.desk.getInstallation({ name })).toEqual({ installation });
  await expect(running.anyone.getInstallation({ name })).rejects.toMatchObject({
    reason: "UNAUTHENTICATED",
  });
  await expect(running.broker.getInstallation({ name })).rejects.toMatchObject({
    reason: "PERMISSION_DENIED",
  });
  await expect(
    running.desk.getInstallation({ name: "installations/nonsense" }),
  ).rejects.toMatchObject({ reason: "INVALID_REQUEST" });
});

/** The key with its last two symbols swapped, or the last one changed where they are the same. */
function swapLast(key: string): string {
  const [last, before] = [key.at(-1) ?? "", key.at(-2) ?? ""];
  return last === before
    ? `${key.slice(0, -1)}${last === "7" ? "8" : "7"}`
    : `${key.slice(0, -2)}${last}${before}`;
}
