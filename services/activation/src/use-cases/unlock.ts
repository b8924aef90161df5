import { formatLicenseFile, parseProductKey } from "@leasehold/license-format";
import { type Clock, isProblem, newUuid, type Problem, type RandomBytes } from "@leasehold/kernel";
import { keyMistyped } from "../domain/activation-problems.ts";
import type { Challenge } from "../domain/challenge.ts";
import { type Fingerprint, type Installation, installationName } from "../domain/installation.ts";
import type { LicenseTerms } from "../domain/license-facts.ts";
import { type MachineEvidence, machineKind } from "../domain/machine.ts";
import { supportReference } from "../domain/support-reference.ts";
import { type Unlocker, unmetCondition } from "../domain/unlock-conditions.ts";
import { conditionUnmet, unlockRefused } from "../domain/unlock-problems.ts";
import { type UnlockWarning, unlockWarnings } from "../domain/unlock-warnings.ts";
import type { Challenges } from "./challenges.ts";
import type { Issuer, Licensee, Replies, RequestIdentity } from "./ports.ts";
import { type RetiredKeyPorts, retiredKeyProblem } from "./retired-key.ts";
import type { UnlockLimits } from "./unlock-limits.ts";
import type { Enrolments, KeyJudge, UnlockableLicense, UnlockedProduct } from "./unlock-ports.ts";

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
  readonly challenge: Uint8Array;
  /** An `install-proof+jwt`. */
  readonly proof: string;
  readonly fingerprint: Fingerprint | undefined;
  /** May be empty. */
  readonly host: string;
  readonly evidence: MachineEvidence | undefined;
  /** `major[.minor[.patch]]`, or empty. */
  readonly applicationVersion: string;
  /** Milliseconds since 1970. */
  readonly applicationReleaseTime: number | undefined;
}

/** Where a request comes from. */
export interface Peer {
  /** Whom limits count together, as text. */
  readonly network: string;
  /** Whether its address is in one of these networks, in CIDR notation. */
  readonly isWithin: (networks: readonly string[]) => boolean;
}

/** What unlocking brought. */
export interface Unlocked {
  readonly installation: Installation;
  /** The `.lic` file. */
  readonly licenseFile: string;
  readonly terms: LicenseTerms;
  /** As the license has it. */
  readonly licensee: Licensee;
  readonly product: UnlockedProduct;
  readonly warnings: readonly UnlockWarning[];
}

/** What is told of a request that was carried out, or refused for a reason of the license. */
export type UnlockEvent =
  | { readonly kind: "unlocked"; readonly installation: Installation }
  | {
      readonly kind: "refused";
      readonly reason: Problem["reason"];
      readonly product: string;
      /** What the caller was told, if the key was not proven. */
      readonly reference?: string;
      /** If it was. */
      readonly license?: string;
    };

/** What unlocking needs. */
export interface UnlockPorts extends RetiredKeyPorts {
  readonly judge: KeyJudge;
  readonly issuer: Pick<Issuer, "issueCertificates">;
  readonly enrolments: Enrolments;
  readonly replies: Replies;
  readonly challenges: Pick<Challenges, "prove">;
  readonly limits: UnlockLimits;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  /** The reply in bytes, as it is kept for a repetition of the request. */
  readonly encode: (unlocked: Unlocked) => Uint8Array;
  readonly report: (event: UnlockEvent) => void;
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
  const { network } = peer;
  await ports.limits.admit({ network, productKey: command.productKey });
  const challenge = await ports.challenges.prove({
    ...command,
    method: command.request.method,
    installation: installationName(command.request.requestId),
  });
  const license = await proveKey(ports, command, network, signal);
  const { installation, warnings } = await enroll(ports, { command, peer, challenge, license });
  const { licensee, product, facts } = license;
  const certificates = await ports.issuer.issueCertificates(
    {
      license: facts.license,
      installation: installationName(installation.id),
      publicKey: command.publicKey,
      fingerprint: command.fingerprint,
    },
    signal,
  );
  const licenseFile = formatLicenseFile(certificates);
  return { installation, licenseFile, terms: facts.terms, licensee, product, warnings };
}

/** The license of the key. Whoever is refused is told a reference, and nothing that tells refusals apart. */
async function proveKey(
  ports: UnlockPorts,
  { productKey, licensee, product }: UnlockCommand,
  network: string,
  signal: AbortSignal,
): Promise<UnlockableLicense> {
  const reference = supportReference(ports.random);
  const typed = { productKey, licensee, product, supportReference: reference };
  try {
    return await ports.judge.verifyProductKey(typed, signal);
  } catch (error) {
    if (!isProblem(error, "UNLOCK_REFUSED")) throw error;
    await ports.limits.failed({ network, productKey });
    ports.report({ kind: "refused", reason: error.reason, product, reference });
    throw unlockRefused(reference, error);
  }
}

/** A request whose key is proven. */
interface Proven {
  readonly command: UnlockCommand;
  readonly peer: Peer;
  readonly challenge: Challenge;
  readonly license: UnlockableLicense;
}

async function enroll(
  { enrolments, clock, random, report }: UnlockPorts,
  { command, peer, challenge, license }: Proven,
): Promise<Pick<Unlocked, "installation" | "warnings">> {
  const { terms, product, facts } = license;
  const now = clock.now();
  const unlocker = unlockerOf(command, peer);
  const { publicKey, host, applicationVersion, request } = command;
  const installation = await enrolments.enroll(
    {
      installation: {
        id: newUuid(clock, random),
        license: facts.license,
        product: facts.product,
        publicKey,
        host,
        createTime: now,
      },
      isVirtual: unlocker.machine !== "physical",
      applicationVersion,
      challenge,
      request,
    },
    ({ others, known }) => {
      const unmet = unmetCondition({ terms, product, unlocker, others, known, now });
      if (unmet === undefined) return;
      const problem = conditionUnmet(unmet);
      const { license, product: name } = facts;
      report({ kind: "refused", reason: problem.reason, product: name, license });
      throw problem;
    },
  );
  return { installation, warnings: unlockWarnings({ terms, product, unlocker, now }) };
}

function unlockerOf(
  { applicationVersion, applicationReleaseTime, evidence, host }: UnlockCommand,
  { isWithin }: Peer,
): Unlocker {
  return {
    version: applicationVersion,
    releaseTime: applicationReleaseTime,
    machine: machineKind(evidence),
    host,
    isWithin,
  };
}
