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
  signOfflineRequest,
  signProof,
  signRevocationList,
  signRootSuccession,
  signTrustBundle,
  thumbprint,
  type TrustBundle,
  verifyAuditCheckpoint,
  verifyBorrow,
  verifyInstallation,
  verifyLicense,
  verifyOfflineRequest,
  verifyProof,
  verifyRevocationList,
  verifyTrustBundle,
} from "@leasehold/license-format";
import type { Verified } from "@leasehold/license-format";

/** An instant at which all tokens hold, in milliseconds since 1970. */
export const NOW = Date.UTC(2030, 0, 15, 12);
export const DAY = 86_400_000;

const DEPLOYMENT = "dev.leasehold.local";
const PRODUCT = "products/atlas";
const LICENSE = "customers/acme/licenses/0190a000-0000-7000-8000-000000000001";
const INSTALLATION = "installations/0190a000-0000-7000-8000-000000000002";
const AUDIENCE = `${DEPLOYMENT}/leasehold.seatbroker.v1.SeatBrokerService`;
const ID = "0190a000-0000-7000-8000-00000000000a";
/** The id of the request file that the installation certificate answers. */
export const REQUEST = "0190a000-0000-7000-8000-00000000000f";

/** One kind of token: a genuine one, who signs it, and what believes it. */
export interface Subject {
  readonly typ: string;
  readonly token: string;
  readonly key: SigningKey;
  /** Payloads that its own key would sign, and that are not believed all the same: expired, for somebody else. */
  readonly unfit: Readonly<Record<string, object>>;
  /** Whether somebody believes a text to be such a token. */
  accepts(token: string): Promise<boolean>;
  /** The same without the key that signed it: retired and gone from the bundle. */
  acceptsWithoutKey(token: string): Promise<boolean>;
}

/** One genuine token of every kind, and all keys of their deployment. */
export interface Subjects {
  readonly all: readonly Subject[];
  readonly keys: Readonly<Record<SigningPurpose | "own", SigningKey>>;
}

async function newKey(purpose: SigningPurpose): Promise<SigningKey> {
  return signingKey(purpose, (await generateKeyPair()).privateKey);
}

function believed(verified: Verified<unknown>): boolean {
  return verified.kind === "verified";
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
    all: [...(await certificates(site)), ...(await lists(site)), ...(await owned(site))],
  };
}

interface SubjectSite {
  readonly keys: Subjects["keys"];
  readonly trust: TrustBundle;
  readonly own: Uint8Array;
}

function without({ trust }: SubjectSite, { kid }: SigningKey): TrustBundle {
  return { ...trust, keys: trust.keys.filter((key) => key.kid !== kid) };
}

const OLD = { iat: 1_000_000_000, exp: 1_000_000_600 };
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

/** What installations sign themselves. */
async function owned({ keys, own }: SubjectSite): Promise<readonly Subject[]> {
  const thumb = thumbprint(keys.own.publicKey);
  const stranger = thumbprint(keys.license.publicKey);
  const proof = await signProof({
    installation: INSTALLATION,
    audience: AUDIENCE,
    issuedAt: NOW,
    expiresAt: NOW + 300_000,
    id: ID,
    privateKey: own,
  });
  const request = await signOfflineRequest(
    {
      id: ID,
      deployment: DEPLOYMENT,
      product: PRODUCT,
      madeAt: NOW,
      host: "difference",
      version: "3.1",
      purpose: "UNLOCK",
      sealed: "c2VhbGVk",
    },
    own,
  );
  const asked = { deployment: DEPLOYMENT, now: NOW };
  return [
    {
      typ: "install-proof+jwt",
      key: keys.own,
      token: proof,
      unfit: {
        expired: OLD,
        notYetValid: { iat: NOW / 1_000 + 86_400, exp: NOW / 1_000 + 86_500 },
        tooLongLived: { iat: NOW / 1_000, exp: NOW / 1_000 + 301 },
        otherAudience: { aud: `${DEPLOYMENT}/leasehold.activation.v1.ActivationService` },
        otherKeyInside: { pub: Buffer.from(keys.license.publicKey).toString("base64url") },
      },
      accepts: async (token) => believed(await verifyProof(token, thumb, AUDIENCE, NOW)),
      acceptsWithoutKey: async (token) =>
        believed(await verifyProof(token, stranger, AUDIENCE, NOW)),
    },
    {
      typ: "actreq+jwt",
      key: keys.own,
      token: request,
      unfit: {
        expired: { iat: NOW / 1_000 - 31 * 86_400 },
        notYetValid: { iat: NOW / 1_000 + 2 * 86_400 },
        otherDeployment: { aud: "other.example.com" },
        otherKeyInside: { pub: Buffer.from(keys.license.publicKey).toString("base64url") },
      },
      accepts: async (token) => believed(await verifyOfflineRequest(token, asked)),
      // It brings its key along: whose that is, is looked up afterwards.
      acceptsWithoutKey: () => Promise.resolve(false),
    },
  ];
}
