import {
  parseProductKey,
  parseVendorFile,
  publicKeyOf,
  sealUnlock,
  thumbprint,
  type Vendor,
} from "@leasehold/license-format";
import { mistypedKey, retiredKey } from "./client-problems.ts";
import {
  ensurePrivateKey,
  pinTrustRoot,
  readInstallationDirectory,
} from "./installation-directory.ts";
import { isGivenBack } from "./given-back.ts";
import { makeDeactivationProof } from "./make-deactivation-proof.ts";
import {
  aboutMachine,
  type MadeOfflineRequest,
  type OfflineMachine,
  signRequestFile,
} from "./sign-request-file.ts";
import { verifyStoredLicense } from "./stored-license.ts";

/** What a machine without a connection asks for. */
export type OfflineRequestOptions =
  | OfflineUnlockOptions
  | OfflineRefreshOptions
  | OfflineDeactivateOptions;

/** To unlock a license on this machine. */
export interface OfflineUnlockOptions extends OfflineMachine {
  readonly purpose: "UNLOCK";
  /** The vendor file, whole, from a source that is trusted: best from inside the product. */
  readonly vendorFile: string;
  /** `products/{product}`. */
  readonly product: string;
  /** The person's name, as the license is made out. */
  readonly licenseeName: string;
  /** The organization, as the license is made out. */
  readonly licenseeOrganization: string;
  /** As typed. */
  readonly productKey: string;
}

/** To get the license anew that this machine has, before its refresh date or after. */
export interface OfflineRefreshOptions extends OfflineMachine {
  readonly purpose: "REFRESH";
}

/** To end the installation of this machine, so that its license has one less. */
export interface OfflineDeactivateOptions extends OfflineMachine {
  readonly purpose: "DEACTIVATE";
}

/**
 * Makes a request file for a machine without a connection, and remembers it. Each call makes a
 * new one; the response to any of them is taken. To deactivate is another matter: the installation
 * is over here before there is a file, `makeDeactivationProof` tells how.
 * @param directory where the installation is kept; made if it is not there
 * @throws Problem KEY_CHECK or KEY_GENERATION_RETIRED; INSTALLATION_ENDED to unlock where an
 *   installation was given back; RangeError if a text is none or too long
 */
export function makeOfflineRequest(
  directory: string,
  options: OfflineRequestOptions,
): Promise<MadeOfflineRequest> {
  if (options.purpose === "UNLOCK") return makeUnlock(directory, options);
  if (options.purpose === "REFRESH") return makeRefresh(directory, options);
  return makeDeactivationProof(directory, options);
}

async function makeUnlock(
  directory: string,
  options: OfflineUnlockOptions,
): Promise<MadeOfflineRequest> {
  const typed = parseProductKey(options.productKey);
  if (typed.kind === "mistyped") throw mistypedKey(typed.message);
  if (typed.kind === "retired") throw retiredKey(typed.advice);
  const vendor = parseVendorFile(options.vendorFile);
  if (vendor.kind === "refused") return vendor;
  if (!(await isPinned(directory, vendor))) return { kind: "refused", fault: "other-root" };
  const privateKey = await ensurePrivateKey(directory);
  const about = await aboutMachine(directory, options);
  const { licenseeName, licenseeOrganization, product } = options;
  const sealed = await sealUnlock(
    { licenseeName, licenseeOrganization, productKey: typed.key.text },
    { publicKeyThumbprint: thumbprint(publicKeyOf(privateKey)), request: about.id },
    vendor.sealKey,
  );
  const { deployment } = vendor;
  const made = await signRequestFile(directory, privateKey, {
    ...about,
    deployment,
    product,
    purpose: "UNLOCK",
    sealed,
  });
  await pinTrustRoot(directory, vendor.trustRoot);
  return made;
}

/** Another root would be a way around the one that unlocked before. */
async function isPinned(directory: string, { trustRoot }: Vendor): Promise<boolean> {
  const { licenseFile, trustRoot: pinned } = await readInstallationDirectory(directory);
  const locked = licenseFile === undefined || pinned === undefined;
  return locked || Buffer.from(pinned).equals(trustRoot);
}

async function makeRefresh(
  directory: string,
  options: OfflineRefreshOptions,
): Promise<MadeOfflineRequest> {
  const { privateKey, licenseFile, trustRoot } = await readInstallationDirectory(directory);
  if (await isGivenBack(directory)) return { kind: "refused", fault: "given-back" };
  if (privateKey === undefined || licenseFile === undefined || trustRoot === undefined)
    return { kind: "refused", fault: "locked" };
  const stored = await verifyStoredLicense(licenseFile, trustRoot);
  if (stored.kind === "refused") return stored;
  const { installation, deployment, product } = stored.claims.installation;
  return signRequestFile(directory, privateKey, {
    ...(await aboutMachine(directory, options)),
    deployment,
    product,
    purpose: "REFRESH",
    installation,
  });
}
