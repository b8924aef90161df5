import { formatLicenseFile, parseProductKey } from "@leasehold/license-format";
import { keyMistyped } from "../domain/activation-problems.ts";
import { installationName } from "../domain/installation.ts";
import { enrollMachine, type EnrollingPorts } from "./enroll-machine.ts";
import type { Issuer } from "./ports.ts";
import { proveProductKey, type ProvingPorts } from "./prove-product-key.ts";
import { type RetiredKeyPorts, retiredKeyProblem } from "./retired-key.ts";
import type { MachineToUnlock, Peer, Unlocked } from "./unlock-command.ts";
import type { UnlockLimits } from "./unlock-limits.ts";
import type { Spent } from "./unlock-ports.ts";

/** What unlocking a machine needs, by whatever way it asks. */
export interface UnlockMachinePorts extends ProvingPorts, EnrollingPorts, RetiredKeyPorts {
  readonly issuer: Pick<Issuer, "issueCertificates">;
  readonly limits: UnlockLimits;
}

/** By what way a machine asks. */
export interface UnlockWay {
  readonly peer: Peer;
  /** What is used up by it. */
  readonly spends: Spent;
  /** The id of the request file that asks for it; absent over a connection. */
  readonly answers?: string;
}

/**
 * The product key that was typed, in its one spelling.
 * @throws Problem KEY_CHECK, KEY_GENERATION_RETIRED
 */
export async function readTypedKey(
  ports: RetiredKeyPorts,
  machine: MachineToUnlock,
  peer: Peer,
  signal: AbortSignal,
): Promise<string> {
  const typed = parseProductKey(machine.productKey);
  if (typed.kind === "mistyped") throw keyMistyped();
  if (typed.kind === "retired")
    throw await retiredKeyProblem(ports, machine, typed.advice, peer, signal);
  return typed.key.text;
}

/**
 * Unlocks a machine whose key is read and whose way is open. With the same public key it is the same
 * installation.
 * @throws Problem UNLOCK_REFUSED; to who has proven to know the key, the condition that is not met; and what
 *   spending throws
 */
export async function unlockMachine(
  ports: UnlockMachinePorts,
  machine: MachineToUnlock,
  { peer, spends, answers }: UnlockWay,
  signal: AbortSignal,
): Promise<Unlocked> {
  const license = await proveProductKey(ports, machine, peer.network, signal);
  const entered = await enrollMachine(ports, { machine, peer, spends, license });
  const { licensee, product, facts } = license;
  const { publicKey, fingerprint } = machine;
  const installation = installationName(entered.installation.id);
  const asked = { license: facts.license, installation, publicKey, fingerprint, answers };
  const certificates = await ports.issuer.issueCertificates(asked, signal);
  const licenseFile = formatLicenseFile(certificates);
  return { ...entered, certificates, licenseFile, terms: facts.terms, licensee, product };
}
