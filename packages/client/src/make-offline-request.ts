import { hostname } from "node:os";
import type { activation } from "@leasehold/contracts";
import { type Clock, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import {
  type FingerprintClaim,
  formatRequestFile,
  type MachineEvidenceClaim,
  type OfflineRequestClaims,
  parseProductKey,
  parseVendorFile,
  publicKeyOf,
  sealUnlock,
  signOfflineRequest,
  thumbprint,
  type Vendor,
} from "@leasehold/license-format";
import { mistypedKey, retiredKey } from "./client-problems.ts";
import { type MachineDescription, tellMachine } from "./describe-machine.ts";
import {
  ensurePrivateKey,
  pinTrustRoot,
  readInstallationDirectory,
} from "./installation-directory.ts";
import { offlineDirectory } from "./offline-directory.ts";
import { verifyStoredLicense } from "./stored-license.ts";
import type { InstallationFault } from "./verify-installation.ts";

/** What a machine without a connection asks for. */
export type OfflineRequestOptions = OfflineUnlockOptions | OfflineRefreshOptions;

/** What every request tells of the machine. */
export interface OfflineMachine {
  /** What the machine is called; its host name if absent. */
  readonly host?: string;
  /** The version of the application. */
  readonly version?: string;
  /** As `UnlockOptions.machine`. */
  readonly machine?: MachineDescription | "none";
  readonly clock?: Clock;
}

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

/**
 * Why no request is made: a fault of the vendor file or of the license file that is kept, or
 * - `other-root`: the vendor file has another root key than the one that this machine pinned
 * - `locked`: there is no license yet to get anew
 */
export type OfflineRequestFault = InstallationFault | "other-root" | "locked";

/** The request file to carry out, or why there is none. */
export type MadeOfflineRequest =
  | {
      readonly kind: "made";
      /** What the response will answer, a UUID. */
      readonly id: string;
      /** The `.lreq` file. What unlocks is sealed in it: it may be mailed. */
      readonly requestFile: string;
    }
  | { readonly kind: "refused"; readonly fault: OfflineRequestFault };

/**
 * Makes a request file for a machine without a connection, and remembers it. Each call makes a
 * new one; the response to any of them is taken.
 * @param directory where the installation is kept; made if it is not there
 * @throws Problem KEY_CHECK or KEY_GENERATION_RETIRED; RangeError if a text is none or too long
 */
export function makeOfflineRequest(
  directory: string,
  options: OfflineRequestOptions,
): Promise<MadeOfflineRequest> {
  return options.purpose === "UNLOCK"
    ? makeUnlock(directory, options)
    : makeRefresh(directory, options);
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
  const made = await sign(directory, privateKey, {
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
  if (privateKey === undefined || licenseFile === undefined || trustRoot === undefined)
    return { kind: "refused", fault: "locked" };
  const stored = await verifyStoredLicense(licenseFile, trustRoot);
  if (stored.kind === "refused") return stored;
  const { installation, deployment, product } = stored.claims.installation;
  return sign(directory, privateKey, {
    ...(await aboutMachine(directory, options)),
    deployment,
    product,
    purpose: "REFRESH",
    installation,
  });
}

async function aboutMachine(
  directory: string,
  { host = hostname(), version = "", machine, clock = systemClock }: OfflineMachine,
) {
  const { fingerprint, evidence } = await tellMachine(directory, machine);
  return {
    id: newUuid(clock, systemRandom),
    madeAt: clock.now(),
    host,
    version,
    ...(fingerprint && { fingerprint: fingerprintClaim(fingerprint) }),
    ...(evidence && { evidence: evidenceClaim(evidence) }),
  };
}

function fingerprintClaim({ salt, components }: activation.Fingerprint): FingerprintClaim {
  const digests = Object.entries(components).map(
    ([name, digest]) => [name, digest.toString("base64url")] as const,
  );
  return { salt: salt.toString("base64url"), components: Object.fromEntries(digests) };
}

/** What there is nothing of to tell is left out. */
function evidenceClaim({
  hypervisorBit,
  ...texts
}: activation.MachineEvidence): MachineEvidenceClaim {
  const told = Object.entries(texts).filter(([, text]) => text !== "");
  return { ...Object.fromEntries(told), ...(hypervisorBit && { hypervisorBit }) };
}

async function sign(
  directory: string,
  privateKey: Uint8Array,
  claims: OfflineRequestClaims,
): Promise<MadeOfflineRequest> {
  const requestFile = formatRequestFile(await signOfflineRequest(claims, privateKey));
  await offlineDirectory(directory).keep({ id: claims.id, requestFile });
  return { kind: "made", id: claims.id, requestFile };
}
