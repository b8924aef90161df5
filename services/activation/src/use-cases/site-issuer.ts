import { type Clock, newUuid, type RandomBytes } from "@leasehold/kernel";
import {
  type LicenseTermsClaims,
  sameLicensee,
  signInstallation,
  signLicense,
  thumbprint,
} from "@leasehold/license-format";
import type { LicenseFacts } from "../domain/license-facts.ts";
import type { SiteLicense } from "../domain/site-license.ts";
import * as problems from "../domain/site-problems.ts";
import type { UnlockTerms } from "../domain/unlock-conditions.ts";
import type { CertifyingIssuer } from "./ports.ts";
import type { SitePublication } from "./site-publication.ts";
import type { IsSiteKey, SiteKeyRing } from "./site-ports.ts";
import type { KeyJudge, UnlockableLicense } from "./unlock-ports.ts";

/** What a site issues from. */
export interface SiteIssuerPorts {
  readonly keyRing: SiteKeyRing;
  readonly publication: Pick<SitePublication, "facts" | "watch">;
  /** The license as the vendor told it last. */
  readonly license: () => SiteLicense | undefined;
  readonly isSiteKey: IsSiteKey;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
}

/** Certificates are good for so long, and never beyond the license's end. */
const CERTIFICATE_LIFE_MS = 30 * 24 * 3_600_000;

/**
 * The issuer of a site: it lets in who has the product key that the site itself was unlocked
 * with, and signs with the site's own keys. Its certificates tell who a client computer is; how
 * many work at a time, and until when, is what its seat-brokers are told.
 */
export function siteIssuer(ports: SiteIssuerPorts): CertifyingIssuer & KeyJudge {
  return {
    verifyProductKey: async ({ productKey, licensee, product }) => {
      const license = known(ports);
      const isKey = await ports.isSiteKey(productKey);
      const isLicensee = sameLicensee(license.licensee, licensee);
      if (!isKey || !isLicensee || license.product !== product || license.state === "REVOKED")
        throw problems.unlockRefused();
      refuseUnusable(license, ports.clock.now());
      return unlockableAt(ports, license);
    },
    issueCertificates: (asked) => issue(ports, asked),
    trustBundle: () => Promise.resolve(ports.keyRing.trustBundle),
    watchLicenses: (_after, signal) => ports.publication.watch(signal),
  };
}

function known({ license }: SiteIssuerPorts): SiteLicense {
  const told = license();
  if (told === undefined) throw problems.licenseUnknown();
  return told;
}

function refuseUnusable({ state, terms, offlineDays }: SiteLicense, now: number): void {
  if (state !== "ACTIVE") throw problems.licenseSuspended();
  if (now < terms.startTime) throw problems.licenseNotStarted(terms.startTime);
  if (now >= terms.endTime) throw problems.licenseExpired(terms.endTime);
  if (terms.model !== "FLOATING" || offlineDays === 0) throw problems.siteRefused();
}

/** The license with the site's seats, and the license's own end. */
function factsFor({ publication }: SiteIssuerPorts, license: SiteLicense): LicenseFacts {
  const { facts } = publication;
  const { license: name, product, state, terms } = license;
  return {
    license: name,
    revision: facts?.revision ?? 1n,
    state,
    product,
    terms: {
      ...terms,
      seats: facts?.terms.seats ?? terms.seats,
      features: facts?.terms.features ?? terms.features,
    },
  };
}

/** The vendor's conditions were met when the site was unlocked; it has none of its own. */
function unlockableAt(ports: SiteIssuerPorts, license: SiteLicense): UnlockableLicense {
  const { state, licensee, product, terms } = license;
  const { startTime, endTime } = terms;
  return {
    facts: factsFor(ports, license),
    licensee,
    terms: { ...OPEN_CONDITIONS, state, startTime, endTime, maintenanceEndTime: endTime },
    product: { ...PLAIN_PRODUCT, displayName: product },
  };
}

const EVERY_VERSION = { oldest: "", newest: "" };

const OPEN_CONDITIONS = {
  versions: EVERY_VERSION,
  installations: 0,
  virtualMachinesPolicy: "ALLOW",
  virtualMachines: 0,
  domains: [],
  networks: [],
} as const satisfies Partial<UnlockTerms>;

const PLAIN_PRODUCT = {
  supported: EVERY_VERSION,
  tolerance: "ANY",
  featureNames: new Map<string, string>(),
  salesContact: "",
  helpContact: "",
} as const;

async function issue(
  ports: SiteIssuerPorts,
  {
    license,
    installation,
    publicKey,
    fingerprint,
  }: Parameters<CertifyingIssuer["issueCertificates"]>[0],
) {
  const { keyRing, clock, random } = ports;
  const told = known(ports);
  if (told.license !== license) throw problems.unlockRefused();
  const facts = factsFor(ports, told);
  const now = clock.now();
  refuseUnusable(told, now);
  const { deployment } = keyRing;
  const refreshBy = Math.min(told.terms.endTime, now + CERTIFICATE_LIFE_MS);
  // Certificates tell whole seconds: in its last one a license is over for them.
  if (Math.floor(refreshBy / 1_000) <= Math.floor(now / 1_000))
    throw problems.licenseExpired(told.terms.endTime);
  const { product, licensee } = told;
  const common = { deployment, product, issuedAt: now, refreshBy, license };
  const id = () => newUuid(clock, random);
  return {
    license: await signLicense(keyRing.licenseKey, {
      ...common,
      id: id(),
      revision: Number(facts.revision),
      licensee,
      terms: termsClaims(told, facts),
    }),
    install: await signInstallation(keyRing.installKey, {
      ...common,
      id: id(),
      installation,
      publicKeyThumbprint: thumbprint(publicKey),
      ...(fingerprint && { fingerprint: fingerprintClaim(fingerprint) }),
    }),
    trust: keyRing.trustBundle,
  };
}

function termsClaims(
  { certified, offlineDays }: SiteLicense,
  { terms }: LicenseFacts,
): LicenseTermsClaims {
  const { model, seats, features, startTime, endTime } = terms;
  return {
    ...certified,
    model,
    seats,
    features: features.map(({ limit, ...grant }) =>
      limit === undefined ? grant : { ...grant, limit: Number(limit) },
    ),
    startTime,
    endTime,
    ...(offlineDays > 0 && { offlineDays }),
  };
}

function fingerprintClaim({
  salt,
  components,
}: NonNullable<Parameters<CertifyingIssuer["issueCertificates"]>[0]["fingerprint"]>) {
  const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  return {
    salt: base64url(salt),
    components: Object.fromEntries(
      [...components].map(([name, digest]) => [name, base64url(digest)] as const),
    ),
  };
}
