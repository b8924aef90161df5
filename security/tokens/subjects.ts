import {
  generateKeyPair,
  type InstallationClaims,
  type LicenseClaims,
  readRootSuccession,
  signAuditCheckpoint,
  signBorrow,
  signInstallation,
  signingKey,
  type SigningKey,
  type SigningPurpose,
  signLicense,
  signRevocationList,
  signRootSuccession,
  signTrustBundle,
  thumbprint,
  type TrustBundle,
  verifyAuditCheckpoint,
  verifyBorrow,
  verifyInstallation,
  verifyLicense,
  verifyRevocationList,
  verifyTrustBundle,
} from "@leasehold/license-format";
import type { Verified } from "@leasehold/license-format";
import { ownedSubjects } from "./owned-subjects.ts";
import {
  believed,
  DEPLOYMENT,
  ID,
  INSTALLATION,
  NOW,
  OLD,
  PRODUCT,
  REQUEST,
  type Subject,
  type Subjects,
  type SubjectSite,
} from "./subject.ts";

const DAY = 86_400_000;
const LICENSE = "customers/acme/licenses/0190a000-0000-7000-8000-000000000001";

async function newKey(purpose: SigningPurpose): Promise<SigningKey> {
  return signingKey(purpose, (await generateKeyPair()).privateKey);
}

/** Makes a deployment with new keys. */
export async function subjects(): Promise<Subjects> {
  const own = await generateKeyPair();
  const keys = {
    license: await newKey("license"),
    install: await newKey("install"),
    lease: await newKey("lease"),
    trust: await newKey("trust"),
    audit: await newKey("audit"),
    own: signingKey("install", own.privateKey),
  };
  const signers = [keys.license, keys.install, keys.lease, keys.audit];
  const trust: TrustBundle = {
    deployment: DEPLOYMENT,
    version: 7,
    keys: signers.map(({ kid, purpose, publicKey }) => ({ kid, purpose, publicKey })),
    issuedAt: NOW,
  };
  const site = { keys, trust, own: own.privateKey };
  return {
    keys,
    all: [...(await certificates(site)), ...(await lists(site)), ...(await ownedSubjects(site))],
  };
}

function without({ trust }: SubjectSite, { kid }: SigningKey): TrustBundle {
  return { ...trust, keys: trust.keys.filter((key) => key.kid !== kid) };
}

const LATER = { iat: NOW / 1_000 + 86_400, exp: NOW / 1_000 + 2 * 86_400 };
const CERTIFICATE_UNFIT = {
  expired: OLD,
  notYetValid: LATER,
  otherProduct: { aud: "products/other" },
  otherDeployment: { iss: "other.example.com" },
};

type VerifyCertificate = (
  token: string,
  trust: TrustBundle,
  expected: { readonly product: string; readonly now: number },
) => Promise<Verified<unknown>>;

function certificate(
  site: SubjectSite,
  facts: { readonly typ: string; readonly key: SigningKey; readonly token: string },
  verify: VerifyCertificate,
): Subject {
  const expected = { product: PRODUCT, now: NOW };
  return {
    ...facts,
    unfit: CERTIFICATE_UNFIT,
    accepts: async (token) => believed(await verify(token, site.trust, expected)),
    acceptsWithoutKey: async (token) =>
      believed(await verify(token, without(site, facts.key), expected)),
  };
}

async function certificates(site: SubjectSite): Promise<readonly Subject[]> {
  const { license, install, lease } = site.keys;
  const thumb = thumbprint(site.keys.own.publicKey);
  const common = {
    deployment: DEPLOYMENT,
    product: PRODUCT,
    license: LICENSE,
    issuedAt: NOW,
    refreshBy: NOW + 30 * DAY,
    id: ID,
  };
  const sold: LicenseClaims = {
    ...common,
    revision: 3,
    licensee: { name: "Ada Lovelace", organization: "Analytical Engines ☃ Ltd." },
    terms: {
      model: "FLOATING",
      seats: 3,
      features: [{ feature: "dataflow" }, { feature: "diagrams", limit: 40 }],
      startTime: NOW - DAY,
      endTime: NOW + 365 * DAY,
    },
  };
  const installed: InstallationClaims = {
    ...common,
    installation: INSTALLATION,
    publicKeyThumbprint: thumb,
    answers: REQUEST,
  };
  const { refreshBy: _, ...lent } = common;
  const borrow = {
    ...lent,
    installation: INSTALLATION,
    publicKeyThumbprint: thumb,
    lease: base64url(32),
    fencingToken: 2n ** 40n,
    seats: 1,
    features: ["dataflow"],
    holder: { user: "ada", host: "difference", process: "17" },
    endTime: NOW + DAY,
  };
  return [
    certificate(
      site,
      { typ: "license+jwt", key: license, token: await signLicense(license, sold) },
      verifyLicense,
    ),
    certificate(
      site,
      { typ: "install+jwt", key: install, token: await signInstallation(install, installed) },
      verifyInstallation,
    ),
    certificate(
      site,
      { typ: "borrow+jwt", key: lease, token: await signBorrow(lease, borrow) },
      verifyBorrow,
    ),
  ];
}

function base64url(length: number): string {
  return Buffer.alloc(length, 5).toString("base64url");
}

async function lists(site: SubjectSite): Promise<readonly Subject[]> {
  const { keys, trust } = site;
  const revoked = await signRevocationList(keys.license, {
    deployment: DEPLOYMENT,
    version: 9,
    licenses: [ID],
    installations: [{ id: ID, revokedAt: NOW }],
    issuedAt: NOW,
  });
  const checkpoint = await signAuditCheckpoint(keys.audit, {
    deployment: DEPLOYMENT,
    sequence: 12,
    hash: Buffer.alloc(32, 9),
    issuedAt: NOW,
  });
  const other = await newKey("trust");
  return [
    {
      typ: "revlist+jwt",
      key: keys.license,
      token: revoked,
      unfit: { olderList: { version: 8 }, otherDeployment: { iss: "other.example.com" } },
      accepts: async (token) => believed(await verifyRevocationList(token, trust, 9)),
      acceptsWithoutKey: async (token) =>
        believed(await verifyRevocationList(token, without(site, keys.license), 9)),
    },
    {
      typ: "audit+jwt",
      key: keys.audit,
      token: checkpoint,
      unfit: { otherDeployment: { iss: "other.example.com" } },
      accepts: async (token) => believed(await verifyAuditCheckpoint(token, trust)),
      acceptsWithoutKey: async (token) =>
        believed(await verifyAuditCheckpoint(token, without(site, keys.audit))),
    },
    {
      typ: "trust+jwt",
      key: keys.trust,
      token: await signTrustBundle(keys.trust, trust),
      unfit: { olderBundle: { version: 6 } },
      accepts: async (token) => believed(await verifyTrustBundle(token, keys.trust.publicKey, 7)),
      acceptsWithoutKey: async (token) =>
        believed(await verifyTrustBundle(token, other.publicKey, 7)),
    },
    await succession(keys.trust, other),
  ];
}

async function succession(root: SigningKey, successor: SigningKey): Promise<Subject> {
  const token = await signRootSuccession(root, {
    deployment: DEPLOYMENT,
    successor: successor.publicKey,
    issuedAt: NOW,
  });
  // Whoever has pinned `root` believes a bundle of the successor's by this token alone.
  const leadsOn = async (text: string, pinned: Uint8Array) => {
    if (!believed(await readRootSuccession(text))) return false;
    const keys = [
      { kid: successor.kid, purpose: "license" as const, publicKey: successor.publicKey },
    ];
    const bundle = { deployment: DEPLOYMENT, version: 8, keys, issuedAt: NOW, successions: [text] };
    return believed(await verifyTrustBundle(await signTrustBundle(successor, bundle), pinned));
  };
  const stranger = await newKey("trust");
  return {
    typ: "root+jwt",
    key: root,
    token,
    unfit: { otherDeployment: { iss: "other.example.com" } },
    accepts: (text) => leadsOn(text, root.publicKey),
    acceptsWithoutKey: (text) => leadsOn(text, stranger.publicKey),
  };
}
