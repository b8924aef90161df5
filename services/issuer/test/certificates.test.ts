import {
  generateKeyPair,
  thumbprint,
  verifyInstallation,
  verifyLicense,
  verifyTrustBundle,
} from "@leasehold/license-format";
import type { TrustBundle } from "@leasehold/license-format";
import { InstallationPolicy, LicenseModel, VirtualMachinePolicy } from "@leasehold/contracts";
import type { issuer } from "@leasehold/contracts";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  DEPLOYMENT,
  END,
  issueLicense,
  issuerUnderTest,
  LICENSEE,
  requestId,
  ROOT_PUBLIC_KEY,
  START,
  wireGroup,
  wireLicense,
  wirePolicy,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { refusal, refusedFields } from "./refusal.ts";

const NOW = Date.UTC(2030, 0, 1);
const DAY = 24 * 3_600_000;
const clock = manualClock(NOW);
const { publicKey } = await generateKeyPair();
const INSTALLATION = `installations/${requestId()}`;

let under: IssuerUnderTest;
let parent: string;

beforeAll(async () => {
  under = await issuerUnderTest({ clock });
  parent = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
});
afterAll(() => under[Symbol.asyncDispose]());

function certify(license: string, change: Partial<issuer.IssueCertificatesRequest> = {}) {
  return under.activation.issueCertificates({
    license,
    installation: INSTALLATION,
    publicKey: Buffer.from(publicKey),
    fingerprintSalt: Buffer.alloc(0),
    fingerprint: {},
    ...change,
  });
}

async function licensed(terms: Parameters<typeof wireTerms>[0] = {}): Promise<issuer.License> {
  return issueLicense(under.admin, parent, wireLicense({ terms: wireTerms(terms) }));
}

async function trusted(token: string): Promise<TrustBundle> {
  const verified = await verifyTrustBundle(token, ROOT_PUBLIC_KEY);
  if (verified.kind === "refused") throw new Error(verified.fault);
  return verified.claims;
}

test("certificates verify with the pinned root alone, and say what the license grants", async () => {
  const license = await licensed({ endTime: new Date(NOW + 400 * DAY) });
  const answer = await certify(license.name);
  const trust = await trusted(answer.trustBundle);
  const expected = { product: "products/studio", now: NOW };
  expect(await verifyLicense(answer.licenseCertificate, trust, expected)).toMatchObject({
    kind: "verified",
    claims: {
      deployment: DEPLOYMENT,
      license: license.name,
      revision: 1,
      licensee: LICENSEE,
      terms: {
        model: "FLOATING",
        seats: 3,
        features: [{ feature: "dataflow" }, { feature: "diagrams", limit: 12 }],
        startTime: START.getTime(),
        endTime: NOW + 400 * DAY,
      },
      refreshBy: NOW + 30 * DAY,
    },
  });
  expect(await verifyInstallation(answer.installationCertificate, trust, expected)).toMatchObject({
    kind: "verified",
    claims: {
      installation: INSTALLATION,
      license: license.name,
      publicKeyThumbprint: thumbprint(publicKey),
    },
  });
  expect(answer.refreshTime).toEqual(new Date(NOW + 30 * DAY));
});

test("certificates tell the seats of features and the offline days, and nothing else of the policy", async () => {
  const features = [
    { feature: "dataflow", seats: 0 },
    { feature: "diagrams", limit: 12n, seats: 2 },
  ];
  const groups = [wireGroup({ users: ["ada"], reservedSeats: 1 })];
  const seatPolicy = wirePolicy({ overdraft: 5, offlineDays: 14, groups });
  const termsOf = async (change: Parameters<typeof wireTerms>[0]) => {
    const answer = await certify((await licensed(change)).name);
    const trust = await trusted(answer.trustBundle);
    const verified = await verifyLicense(answer.licenseCertificate, trust, { now: NOW });
    return verified.kind === "verified" ? verified.claims.terms : verified.fault;
  };
  const common = {
    model: "FLOATING",
    seats: 3,
    startTime: START.getTime(),
    endTime: END.getTime(),
  };
  expect(await termsOf({ features, seatPolicy })).toEqual({
    ...common,
    features: [
      { feature: "dataflow", seats: 0 },
      { feature: "diagrams", limit: 12, seats: 2 },
    ],
    offlineDays: 14,
  });
  expect(await termsOf({ features: [], seatPolicy: wirePolicy() })).toEqual({
    ...common,
    features: [],
  });
  const virtualMachinesPolicy = VirtualMachinePolicy.ALLOW_WITH_CAP;
  const further = {
    model: LicenseModel.NAMED_MACHINE,
    trial: true,
    maintenanceEndTime: END,
    versions: { oldest: "", newest: "4.2" },
    installationPolicy: InstallationPolicy.fromPartial({
      virtualMachinesPolicy,
      virtualMachines: 2,
    }),
  };
  expect(await termsOf({ features: [], ...further })).toEqual({
    ...common,
    model: "NAMED_MACHINE",
    features: [],
    trial: true,
    maintenanceEndTime: END.getTime(),
    versions: { newest: "4.2" },
    virtualMachines: 2,
  });
});

test("certificates are good no longer than the license", async () => {
  const endTime = new Date(NOW + 3 * DAY + 500);
  const answer = await certify((await licensed({ endTime })).name);
  const trust = await trusted(answer.trustBundle);
  expect(answer.refreshTime).toEqual(endTime);
  const at = (now: number) => verifyLicense(answer.licenseCertificate, trust, { now });
  expect(await at(NOW + 3 * DAY - 1)).toMatchObject({
    kind: "verified",
    claims: { refreshBy: NOW + 3 * DAY },
  });
});

test("in a license's last fraction of a second it is over for certificates", async () => {
  const { name } = await licensed({ endTime: new Date(NOW + 300) });
  expect((await refusal(certify(name))).reason).toBe("LICENSE_EXPIRED");
});

test("what the machine's fingerprint was given as stands in the certificate", async () => {
  const { name } = await licensed();
  const answer = await certify(name, {
    fingerprintSalt: Buffer.alloc(16, 9),
    fingerprint: { "machine-id": Buffer.from([1, 2, 3]), x: Buffer.alloc(64, 7) },
  });
  const trust = await trusted(answer.trustBundle);
  expect(
    await verifyInstallation(answer.installationCertificate, trust, { now: NOW }),
  ).toMatchObject({
    claims: {
      fingerprint: {
        salt: Buffer.alloc(16, 9).toString("base64url"),
        components: { "machine-id": "AQID", x: Buffer.alloc(64, 7).toString("base64url") },
      },
    },
  });
});

test("no two certificates have one id", async () => {
  const { name } = await licensed();
  const answers = await Promise.all([certify(name), certify(name)]);
  const trust = await trusted(answers[0].trustBundle);
  const ids = await Promise.all(
    answers.flatMap((answer) => [
      verifyLicense(answer.licenseCertificate, trust, { now: NOW }),
      verifyInstallation(answer.installationCertificate, trust, { now: NOW }),
    ]),
  );
  expect(
    new Set(ids.map((verified) => verified.kind === "verified" && verified.claims.id)).size,
  ).toBe(4);
});

test("a license that may not be used gets no certificates", async () => {
  const revoked = await licensed();
  const suspended = await licensed();
  const change = (name: string) => ({ requestId: requestId(), name, expectedRevision: 0n });
  await under.admin.revokeLicense(change(revoked.name));
  await under.admin.suspendLicense(change(suspended.name));
  const refusals = await Promise.all([
    refusal(certify(revoked.name)),
    refusal(certify(suspended.name)),
    refusal(certify((await licensed({ startTime: new Date(NOW + 1) })).name)),
    refusal(certify((await licensed({ endTime: new Date(NOW) })).name)),
    refusal(certify(`${parent}/licenses/${requestId()}`)),
  ]);
  expect(refusals.map(({ reason }) => reason)).toEqual([
    "LICENSE_REVOKED",
    "LICENSE_SUSPENDED",
    "LICENSE_NOT_STARTED",
    "LICENSE_EXPIRED",
    "NOT_FOUND",
  ]);
});

test("the installation certificate names the request file that it answers, if it does", async () => {
  const { name } = await licensed();
  const answers = requestId();
  const claims = async (change: Partial<issuer.IssueCertificatesRequest>) => {
    const answer = await certify(name, change);
    const trust = await trusted(answer.trustBundle);
    const verified = await verifyInstallation(answer.installationCertificate, trust, { now: NOW });
    return verified.kind === "verified" ? verified.claims : verified;
  };
  expect(await claims({ answers })).toMatchObject({ answers });
  expect(await claims({})).not.toHaveProperty("answers");
});

test.each<[string, Partial<issuer.IssueCertificatesRequest>, string[]]>([
  ["a license that is no name", { license: "licenses/x" }, ["license"]],
  ["an installation that is no name", { installation: "installations/x" }, ["installation"]],
  ["an answer to no request", { answers: "request" }, ["answers"]],
  ["a public key of 31 bytes", { publicKey: Buffer.alloc(31) }, ["public_key"]],
  ["a salt of 65 bytes", { fingerprintSalt: Buffer.alloc(65) }, ["fingerprint_salt"]],
  ["a fingerprint without salt", { fingerprint: { cpu: Buffer.alloc(4) } }, ["fingerprint_salt"]],
  [
    "a component without digest",
    { fingerprintSalt: Buffer.alloc(1), fingerprint: { cpu: Buffer.alloc(0) } },
    ["fingerprint"],
  ],
  [
    "a component of a name with spaces",
    { fingerprintSalt: Buffer.alloc(1), fingerprint: { "a b": Buffer.alloc(4) } },
    ["fingerprint"],
  ],
  [
    "33 components",
    {
      fingerprintSalt: Buffer.alloc(1),
      fingerprint: Object.fromEntries(
        Array.from({ length: 33 }, (_, i) => [`c${i}`, Buffer.alloc(4)]),
      ),
    },
    ["fingerprint"],
  ],
])("certificates for %s are refused", async (_, change, fields) => {
  const { name } = await licensed();
  expect(await refusedFields(certify(name, change))).toEqual(fields);
});

test("anyone may read the trust bundle, which names one key for each purpose", async () => {
  const { trustBundle } = await under.as(undefined).getTrustBundle({});
  const trust = await trusted(trustBundle);
  expect(trust).toMatchObject({ deployment: DEPLOYMENT, version: 1 });
  expect(trust.keys.map(({ purpose }) => purpose).sort()).toEqual([
    "audit",
    "install",
    "license",
    "trust",
  ]);
});
