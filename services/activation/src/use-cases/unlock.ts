import { formatLicenseFile, parseProductKey } from "@leasehold/license-format";
import { type Clock, newUuid, type RandomBytes } from "@leasehold/kernel";
import { keyGenerationRetired, keyMistyped } from "../domain/activation-problems.ts";
import { installationDisabled, installationEnded } from "../domain/installation-problems.ts";
import { type Fingerprint, type Installation, installationName } from "../domain/installation.ts";
import type { LicenseTerms } from "../domain/license-facts.ts";
import type { Installations, Issuer, Licensee, Replies, RequestIdentity } from "./ports.ts";

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
}

/** What unlocking brought. */
export interface Unlocked {
  readonly installation: Installation;
  /** The `.lic` file. */
  readonly licenseFile: string;
  readonly terms: LicenseTerms;
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

function readProductKey(typed: string, salesContact: string): string {
  const read = parseProductKey(typed);
  if (read.kind === "retired") throw keyGenerationRetired(read.advice, salesContact);
  if (read.kind === "mistyped") throw keyMistyped();
  return read.key.text;
}

async function carryOut(
  { issuer, installations, clock, random }: UnlockPorts,
  { productKey, licensee, product, publicKey, fingerprint, host }: UnlockCommand,
  signal: AbortSignal,
): Promise<Unlocked> {
  const facts = await issuer.verifyProductKey({ productKey, licensee, product }, signal);
  const installation = await installations.enroll({
    id: newUuid(clock, random),
    license: facts.license,
    product: facts.product,
    publicKey,
    host,
    createTime: clock.now(),
    fingerprint,
  });
  // A product key brings nothing back that somebody has ended or stopped.
  if (installation.state === "DISABLED") throw installationDisabled();
  if (installation.state === "ENDED") throw installationEnded();
  const name = installationName(installation.id);
  const certificates = await issuer.issueCertificates(
    { license: facts.license, installation: name, publicKey, fingerprint },
    signal,
  );
  return { installation, licenseFile: formatLicenseFile(certificates), terms: facts.terms };
}
