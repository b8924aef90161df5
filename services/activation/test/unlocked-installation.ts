import { activation } from "@leasehold/contracts";
import {
  generateKeyPair,
  type KeyPair,
  type LicenseFileTokens,
  parseLicenseFile,
  parseResponseFile,
  signProof,
} from "@leasehold/license-format";
import type { RunningActivation } from "./running-activation.ts";
import { freshId, remember, unlockRequest } from "./unlock-requests.ts";

/** An installation that was unlocked, with what it proves itself by. */
export interface UnlockedInstallation {
  readonly installation: activation.Installation;
  readonly terms: activation.UnlockResponse["terms"];
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly file: LicenseFileTokens;
  /** Headers, good for a minute. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The same for the service of installations over their lives. */
  readonly livesCredentials: Readonly<Record<string, string>>;
}

/** Unlocks an installation with a key pair of its own. */
export async function unlockedInstallation(
  running: RunningActivation,
  productKey: string,
  given: Partial<activation.UnlockRequest> = {},
): Promise<UnlockedInstallation> {
  const { publicKey, privateKey } = await generateKeyPair();
  remember({ publicKey, privateKey });
  const { installation, licenseFile, terms } = await running.unlock(
    unlockRequest(productKey, { publicKey: Buffer.from(publicKey), ...given }),
  );
  const file = parseLicenseFile(licenseFile);
  if (file.kind === "refused") throw new Error(`the license file is ${file.fault}`);
  if (installation === undefined) throw new Error("the answer lacks its installation");
  const prove = (service: string) =>
    headersOf(running, { privateKey, name: installation.name, certificate: file.install }, service);
  const credentials = await prove(activation.ActivationServiceDefinition.fullName);
  const livesCredentials = await prove(activation.InstallationServiceDefinition.fullName);
  return { installation, terms, publicKey, file, credentials, livesCredentials };
}

/** What an installation that was licensed by files proves itself by over a connection, good for a minute. */
export async function installationHeaders(
  running: RunningActivation,
  { privateKey }: KeyPair,
  { name, licensed }: { readonly name: string; readonly licensed: string },
): Promise<Readonly<Record<string, string>>> {
  const response = parseResponseFile(licensed);
  if (response.kind === "refused") throw new Error(`the response file is ${response.fault}`);
  const own = { privateKey, name, certificate: response.install };
  return headersOf(running, own, activation.InstallationServiceDefinition.fullName);
}

async function headersOf(
  { issuer }: RunningActivation,
  own: { readonly privateKey: Uint8Array; readonly name: string; readonly certificate: string },
  service: string,
): Promise<Readonly<Record<string, string>>> {
  const now = Date.now();
  const proof = await signProof({
    privateKey: own.privateKey,
    installation: own.name,
    audience: `${issuer.deployment}/${service}`,
    issuedAt: now,
    expiresAt: now + 60_000,
    id: freshId(),
  });
  return { "lh-installation": own.certificate, "lh-proof": proof };
}
