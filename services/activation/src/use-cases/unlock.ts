import { formatLicenseFile, parseProductKey } from "@leasehold/license-format";
import { keyMistyped } from "../domain/activation-problems.ts";
import { installationName } from "../domain/installation.ts";
import type { Challenges } from "./challenges.ts";
import { enrollMachine, type EnrollingPorts } from "./enroll-machine.ts";
import type { Issuer, Replies } from "./ports.ts";
import { proveProductKey, type ProvingPorts } from "./prove-product-key.ts";
import { type RetiredKeyPorts, retiredKeyProblem } from "./retired-key.ts";
import type { Peer, UnlockCommand, Unlocked } from "./unlock-command.ts";
import type { UnlockLimits } from "./unlock-limits.ts";

/** What unlocking needs. */
export interface UnlockPorts extends ProvingPorts, EnrollingPorts, RetiredKeyPorts {
  readonly issuer: Pick<Issuer, "issueCertificates">;
  readonly replies: Replies;
  readonly challenges: Pick<Challenges, "prove">;
  readonly limits: UnlockLimits;
  /** The reply in bytes, as it is kept for a repetition of the request. */
  readonly encode: (unlocked: Unlocked) => Uint8Array;
}

/**
 * Unlocks an installation. Repeated with the same request it gives the first reply, however
 * far the first call came; with the same public key it gives the same installation.
 * @returns the reply in bytes
 * @throws Problem KEY_CHECK, KEY_GENERATION_RETIRED before the key is looked up; RATE_LIMITED;
 *   CHALLENGE_REFUSED, UNAUTHENTICATED, CLOCK_SKEW over challenge and proof; UNLOCK_REFUSED; to who has
 *   proven to know the key, the condition that is not met
 */
export async function unlock(
  ports: UnlockPorts,
  command: UnlockCommand,
  peer: Peer,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const typed = parseProductKey(command.productKey);
  // Before any look-up: a key that cannot be one tells nothing about those there are.
  if (typed.kind === "mistyped") throw keyMistyped();
  if (typed.kind === "retired")
    throw await retiredKeyProblem(ports, command, typed.advice, peer, signal);
  const earlier = await ports.replies.find(command.request);
  if (earlier !== undefined) return earlier;
  const known = { ...command, productKey: typed.key.text };
  const unlocked = await carryOut(ports, known, peer, signal);
  const reply = await ports.replies.keep(command.request, ports.encode(unlocked));
  ports.report({ kind: "unlocked", installation: unlocked.installation });
  return reply;
}

async function carryOut(
  ports: UnlockPorts,
  command: UnlockCommand,
  peer: Peer,
  signal: AbortSignal,
): Promise<Unlocked> {
  const { productKey, publicKey, fingerprint, request } = command;
  await ports.limits.admit({ network: peer.network, productKey });
  const challenge = await ports.challenges.prove({
    ...command,
    method: request.method,
    // It has no name yet.
    installation: installationName(request.requestId),
  });
  const license = await proveProductKey(ports, command, peer.network, signal);
  const entered = await enrollMachine(ports, { command, peer, challenge, license });
  const { licensee, product, facts } = license;
  const installation = installationName(entered.installation.id);
  const asked = { license: facts.license, installation, publicKey, fingerprint };
  const licenseFile = formatLicenseFile(await ports.issuer.issueCertificates(asked, signal));
  return { ...entered, licenseFile, terms: facts.terms, licensee, product };
}
