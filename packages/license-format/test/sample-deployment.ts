import {
  generateKeyPair,
  type InstallationClaims,
  type KeyPair,
  type LicenseClaims,
  signInstallation,
  signingKey,
  type SigningKey,
  signLicense,
  signTrustBundle,
  thumbprint,
  type TrustBundle,
} from "../src/index.ts";

/** An instant that the samples are issued at, in milliseconds since 1970. */
export const NOW = Date.UTC(2030, 0, 15, 12);

const DAY = 86_400_000;

/** A deployment with its keys, and one installation of one license of it. */
export interface SampleDeployment {
  readonly root: SigningKey;
  readonly licenseKey: SigningKey;
  readonly installKey: SigningKey;
  readonly trust: TrustBundle;
  readonly installationKeys: KeyPair;
  readonly license: LicenseClaims;
  readonly installation: InstallationClaims;
  readonly tokens: { readonly license: string; readonly install: string; readonly trust: string };
}

export const LICENSE: LicenseClaims = {
  deployment: "dev.leasehold.local",
  product: "products/atlas",
  license: "customers/acme/licenses/0190a000-0000-7000-8000-000000000001",
  revision: 3,
  licensee: { name: "Ada Lovelace", organization: "Analytical Engines ☃ Ltd." },
  terms: {
    model: "FLOATING",
    seats: 3,
    features: [
      { feature: "dataflow" },
      { feature: "diagrams", limit: 40 },
      { feature: "reporting", limit: 5, seats: 2 },
      { feature: "workflow", seats: 0 },
    ],
    startTime: NOW - DAY,
    endTime: NOW + 365 * DAY,
    offlineDays: 14,
    trial: true,
    maintenanceEndTime: NOW + 180 * DAY,
    versions: { oldest: "3.1", newest: "4" },
    virtualMachines: 2,
  },
  issuedAt: NOW,
  refreshBy: NOW + 30 * DAY,
  id: "0190a000-0000-7000-8000-00000000000a",
};

export async function sampleDeployment(): Promise<SampleDeployment> {
  const root = signingKey("trust", (await generateKeyPair()).privateKey);
  const licenseKey = signingKey("license", (await generateKeyPair()).privateKey);
  const installKey = signingKey("install", (await generateKeyPair()).privateKey);
  const installationKeys = await generateKeyPair();
  const trust: TrustBundle = {
    deployment: LICENSE.deployment,
    version: 7,
    keys: [licenseKey, installKey].map(({ kid, purpose, publicKey }) => ({
      kid,
      purpose,
      publicKey,
    })),
    issuedAt: NOW,
  };
  const installation: InstallationClaims = {
    deployment: LICENSE.deployment,
    product: LICENSE.product,
    installation: "installations/0190a000-0000-7000-8000-000000000002",
    license: LICENSE.license,
    publicKeyThumbprint: thumbprint(installationKeys.publicKey),
    fingerprint: {
      salt: Buffer.alloc(16, 1).toString("base64url"),
      components: { "machine-id": Buffer.alloc(32, 2).toString("base64url") },
    },
    issuedAt: NOW,
    refreshBy: NOW + 30 * DAY,
    id: "0190a000-0000-7000-8000-00000000000b",
  };
  return {
    root,
    licenseKey,
    installKey,
    trust,
    installationKeys,
    license: LICENSE,
    installation,
    tokens: {
      license: await signLicense(licenseKey, LICENSE),
      install: await signInstallation(installKey, installation),
      trust: await signTrustBundle(root, trust),
    },
  };
}

/** Signs any header and payload, as somebody would who has the key and no scruples. */
export async function forge(
  key: Pick<SigningKey, "sign">,
  header: object | string,
  payload: object | string,
): Promise<string> {
  const part = (value: object | string) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const signed = `${part(header)}.${part(payload)}`;
  const signature = await key.sign(Buffer.from(signed));
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}

/** The payload of a token, as it stands there. */
export function payloadOf(token: string): Record<string, unknown> {
  const json = Buffer.from(token.split(".")[1]!, "base64url").toString();
  return JSON.parse(json) as Record<string, unknown>;
}
