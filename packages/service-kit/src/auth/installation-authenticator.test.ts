import {
  generateKeyPair,
  signingKey,
  signInstallation,
  signProof,
  thumbprint,
  type TrustBundle,
} from "@leasehold/license-format";
import { beforeEach, expect, test } from "vitest";
import type { Authenticator, Credentials } from "./authenticator.ts";
import { installationAuthenticator } from "./installation-authenticator.ts";

const DEPLOYMENT = "dev.leasehold.local";
const SERVICE = "leasehold.seatbroker.v1.SeatBrokerService";
const INSTALLATION = "installations/018f0000-0000-7000-8000-000000000001";
const START = 1_800_000_000_000;
const MINUTE = 60_000;
const ID = "018f0000-0000-7000-8000-0000000000aa";

let now = START;
let trust: TrustBundle | undefined;
let certificate = "";
let own = await generateKeyPair();
let authenticate: Authenticator;
let trustAsked = 0;

beforeEach(async () => {
  now = START;
  own = await generateKeyPair();
  const pair = await generateKeyPair();
  const key = signingKey("install", pair.privateKey);
  trust = { deployment: DEPLOYMENT, version: 1, issuedAt: START, keys: [key] };
  certificate = await signInstallation(key, {
    deployment: DEPLOYMENT,
    product: "products/draw",
    installation: INSTALLATION,
    license:
      "customers/018f0000-0000-7000-8000-000000000002/licenses/018f0000-0000-7000-8000-000000000003",
    publicKeyThumbprint: thumbprint(own.publicKey),
    issuedAt: START,
    refreshBy: START + 60 * MINUTE,
    id: ID,
  });
  trustAsked = 0;
  authenticate = installationAuthenticator({
    trust: () => {
      trustAsked += 1;
      return trust;
    },
    deployment: DEPLOYMENT,
    service: SERVICE,
    clock: { now: () => now },
    remembered: 2,
  });
});

const prove = (changed: Partial<Parameters<typeof signProof>[0]> = {}): Promise<string> =>
  signProof({
    privateKey: own.privateKey,
    installation: INSTALLATION,
    audience: `${DEPLOYMENT}/${SERVICE}`,
    issuedAt: START,
    expiresAt: START + 5 * MINUTE,
    id: ID,
    ...changed,
  });

const presenting = (proof?: string, presented: string | undefined = certificate): Credentials => ({
  header: (name) => ({ "lh-installation": presented, "lh-proof": proof })[name],
});

/** Also of what is thrown at once. */
async function outcome(credentials: Credentials): Promise<unknown> {
  return authenticate(credentials);
}

test("a certificate with a proof of its key stands for the installation and its license", async () => {
  expect(await outcome(presenting(await prove()))).toEqual({
    kind: "installation",
    installation: INSTALLATION,
    license:
      "customers/018f0000-0000-7000-8000-000000000002/licenses/018f0000-0000-7000-8000-000000000003",
    product: "products/draw",
    publicKeyThumbprint: thumbprint(own.publicKey),
  });
});

test("a verified pair is known without waiting, until its proof ends", async () => {
  const pair = presenting(await prove());
  await outcome(pair);
  expect(authenticate(pair)).toMatchObject({ kind: "installation" });
  now = START + 5 * MINUTE;
  await expect(outcome(pair)).rejects.toMatchObject({
    reason: "CLOCK_SKEW",
    metadata: { server_time: new Date(now).toISOString() },
  });
});

test("calls that arrive together with a new pair are all answered", async () => {
  const pair = presenting(await prove());
  const all = await Promise.all([outcome(pair), outcome(pair), outcome(pair)]);
  expect(new Set(all).size).toBe(1);
});

test("a pair that was known is verified again under another trust bundle", async () => {
  const pair = presenting(await prove());
  await outcome(pair);
  trust = { deployment: DEPLOYMENT, version: 2, issuedAt: START, keys: [] };
  await expect(outcome(pair)).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
});

test("another certificate beside a known proof is not taken for the known one", async () => {
  const proof = await prove();
  await outcome(presenting(proof));
  await expect(outcome(presenting(proof, `${certificate}x`))).rejects.toMatchObject({
    reason: "UNAUTHENTICATED",
  });
});

test("more pairs than are remembered are still verified", async () => {
  for (const id of ["a1", "a2", "a3", "a1"])
    expect(
      await outcome(presenting(await prove({ id: `018f0000-0000-7000-8000-0000000000${id}` }))),
    ).toBeDefined();
});

test("a flood of pairs that do not verify makes no verified one forgotten", async () => {
  const pair = presenting(await prove());
  await outcome(pair);
  const forged = await prove({ privateKey: (await generateKeyPair()).privateKey });
  const flood = Array.from({ length: 20 }, (_, n) => outcome(presenting(`${forged}${n}`)));
  expect(authenticate(pair)).toMatchObject({ kind: "installation" });
  for (const { status } of await Promise.allSettled(flood)) expect(status).toBe("rejected");
});

test("a refused pair is not remembered, and refused again", async () => {
  const pair = presenting(await prove({ privateKey: (await generateKeyPair()).privateKey }));
  await expect(outcome(pair)).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
  await expect(outcome(pair)).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
});

test.each([
  [
    "for another service",
    { audience: `${DEPLOYMENT}/leasehold.issuer.v1.IssuerService` },
    "UNAUTHENTICATED",
  ],
  [
    "of another installation",
    { installation: "installations/018f0000-0000-7000-8000-0000000000ff" },
    "UNAUTHENTICATED",
  ],
  ["that is over", { issuedAt: START - 6 * MINUTE, expiresAt: START - MINUTE }, "CLOCK_SKEW"],
  [
    "from the future",
    { issuedAt: START + 10 * MINUTE, expiresAt: START + 15 * MINUTE },
    "CLOCK_SKEW",
  ],
])("a proof %s is refused", async (_, changed, reason) => {
  await expect(outcome(presenting(await prove(changed)))).rejects.toMatchObject({ reason });
});

test("half a pair is refused, none is somebody else's affair", async () => {
  await expect(outcome(presenting(undefined))).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
  await expect(outcome(presenting("x".repeat(9_000)))).rejects.toMatchObject({
    reason: "UNAUTHENTICATED",
  });
  expect(await outcome({ header: () => undefined })).toBeUndefined();
  expect(trustAsked).toBe(0);
});

test("a certificate that wants to be issued anew is refused", async () => {
  now = START + 61 * MINUTE;
  const proof = await prove({ issuedAt: now, expiresAt: now + MINUTE });
  await expect(outcome(presenting(proof))).rejects.toMatchObject({ reason: "UNAUTHENTICATED" });
});

test("without a trust bundle nobody can be known yet", async () => {
  trust = undefined;
  await expect(outcome(presenting(await prove()))).rejects.toMatchObject({
    reason: "DEPENDENCY_UNAVAILABLE",
  });
});
