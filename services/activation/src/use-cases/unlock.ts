import { formatLicenseFile, parseProductKey } from "@leasehold/license-format";
import { type Clock, newUuid, type RandomBytes } from "@leasehold/kernel";
import { keyGenerationRetired, keyMistyped } from "../domain/activation-problems.ts";
import { type Fingerprint, type Installation, installationName } from "../domain/installation.ts";
import type { LicenseTerms } from "../domain/license-facts.ts";
import type {
  Certificates,
  Installations,
  Issuer,
  Licensee,
  Replies,
  RequestIdentity,
} from "./ports.ts";

/** A request to unlock, well-formed as far as a look at it can tell. */
export interface UnlockCommand {
  readonly request: RequestIdentity;
  readonly licensee: Licensee;
  /** As typed. */
  readonly productKey: string;
  /** `products/{product}`. */
  readonly product: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly fingerprint: Fingerprint | undefined;
  /** May be empty. */
  readonly host: string;
  /** The id of the request file that asks for it; absent over a connection. */
  readonly answers?: string;
}

/** What unlocking brought. */
export interface Unlocked {
  readonly installation: Installation;
  /** The `.lic` file. */
  readonly licenseFile: string;
  readonly terms: LicenseTerms;
  /** What the license file is made of. */
  readonly certificates: Certificates;
}

/** What unlocking needs. */
export interface UnlockPorts {
  readonly issuer: Pick<Issuer, "verifyProductKey" | "issueCertificates">;
  readonly installations: Pick<Installations, "enroll">;
  readonly replies: Replies;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  /** Whom the holder of a retired key should ask. */
  readonly salesContact: string;
  /** The reply in bytes, as it is kept for a repetition of the request. */
  readonly encode: (unlocked: Unlocked) => Uint8Array;
  readonly report: (event: { readonly installation: Installation }) => void;
}

/**
 * Unlocks an installation. Repeated with the same request it gives the first reply, however
 * far the first call came; with the same public key it gives the same installation.
 * @returns the reply in bytes
 */
export async function unlock(
  ports: UnlockPorts,
  command: UnlockCommand,
  signal: AbortSignal,
): Promise<Uint8Array> {
  // Before any look-up: a key that cannot be one tells nothing about those there are.
  const productKey = readProductKey(command.productKey, ports.salesContact);
  const earlier = await ports.replies.find(command.request);
  if (earlier !== undefined) return earlier;
  const unlocked = await carryOut(ports, { ...command, productKey }, signal);
  const reply = await ports.replies.keep(command.request, ports.encode(unlocked));
  ports.report({ installation: unlocked.installation });
  return reply;
}

/** What unlocking needs where repetitions are another's affair. */
export type UnlockInstallationPorts = Omit<UnlockPorts, "replies" | "encode" | "report">;

/** Unlocks an installation. With the same public key it is the same one. */
export async function unlockInstallation(
  ports: UnlockInstallationPorts,
  command: Omit<UnlockCommand, "request">,
  signal: AbortSignal,
): Promise<Unlocked> {
  const productKey = readProductKey(command.productKey, ports.salesContact);
  return carryOut(ports, { ...command, productKey }, signal);
}

function readProductKey(typed: string, salesContact: string): string {
  const read = parseProductKey(typed);
  if (read.kind === "retired") throw keyGenerationRetired(read.advice, salesContact);
  if (read.kind === "mistyped") throw keyMistyped();
  return read.key.text;
}

async function carryOut(
  { issuer, installations, clock, random }: UnlockInstallationPorts,
  command: Omit<UnlockCommand, "request">,
  signal: AbortSignal,
): Promise<Unlocked> {
  const { productKey, licensee, product, publicKey, fingerprint, host, answers } = command;
  const facts = await issuer.verifyProductKey({ productKey, licensee, product }, signal);
  const installation = await installations.enroll({
    id: newUuid(clock, random),
    license: facts.license,
    product: facts.product,
    publicKey,
    host,
    createTime: clock.now(),
  });
  const name = installationName(installation.id);
  const certificates = await issuer.issueCertificates(
    { license: facts.license, installation: name, publicKey, fingerprint, answers },
    signal,
  );
  const licenseFile = formatLicenseFile(certificates);
  return { installation, licenseFile, terms: facts.terms, certificates };
}
