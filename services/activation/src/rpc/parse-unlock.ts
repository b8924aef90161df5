import { activation } from "@leasehold/contracts";
import { type Check, parseRequest, requestBytes } from "@leasehold/service-kit";
import type { Fingerprint } from "../domain/installation.ts";
import type { MachineEvidence } from "@leasehold/machine/rules";
import { isVersion } from "@leasehold/license-format";
import type { UnlockCommand } from "../use-cases/unlock-command.ts";

/** Longest text of a field that people fill in, in code points. */
const LONGEST_TEXT = 200;
const PUBLIC_KEY_BYTES = 32;
const CHALLENGE_BYTES = { min: 0, max: 128 };
/** Several times of what a proof has. */
const LONGEST_PROOF = 4_096;
const DIGEST_BYTES = 32;
const SALT_BYTES = { min: 16, max: 64 };
const MOST_COMPONENTS = 32;
/** As certificates carry them. */
const COMPONENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const COMPONENT_RULE = "must be named by letters, digits, '.', '_' and '-'";
const VERSION_RULE = "must be a version: major, major.minor or major.minor.patch";

/**
 * Reads a request to unlock, but for product key, challenge and proof: what is wrong with those has
 * reasons of its own.
 * @throws Problem INVALID_REQUEST
 */
export function parseUnlock(request: activation.UnlockRequest): UnlockCommand {
  return parseRequest((check) => {
    check.name("product", request.product, "products/{product}");
    const people = { min: 1, max: LONGEST_TEXT };
    return {
      request: {
        requestId: check.uuid("request_id", request.requestId),
        method: "Unlock",
        body: canonicalBytes(check, request),
      },
      licensee: {
        name: check.text("licensee_name", request.licenseeName, people),
        organization: check.text("licensee_organization", request.licenseeOrganization, people),
      },
      productKey: request.productKey,
      product: request.product,
      publicKey: check.bytes("public_key", request.publicKey, PUBLIC_KEY_BYTES),
      challenge: check.bytes("challenge", request.challenge, CHALLENGE_BYTES),
      proof: check.text("proof", request.proof, { max: LONGEST_PROOF }),
      fingerprint: request.fingerprint && parseFingerprint(check, request.fingerprint),
      host: check.text("host", request.host, { max: LONGEST_TEXT }),
      evidence: request.evidence && parseEvidence(check, request.evidence),
      ...parseApplication(check, request),
    };
  });
}

function parseApplication(
  check: Check,
  { applicationVersion: version, applicationReleaseTime: released }: activation.UnlockRequest,
): Pick<UnlockCommand, "applicationVersion" | "applicationReleaseTime"> {
  if (version !== "" && !isVersion(version)) check.violation("application_version", VERSION_RULE);
  return {
    applicationVersion: version,
    applicationReleaseTime: released && check.timestamp("application_release_time", released),
  };
}

function parseEvidence(check: Check, evidence: activation.MachineEvidence): MachineEvidence {
  const text = (field: string, value: string) =>
    check.text(`evidence.${field}`, value, { max: LONGEST_TEXT });
  return {
    hypervisor: text("hypervisor", evidence.hypervisor),
    container: text("container", evidence.container),
    cloud: text("cloud", evidence.cloud),
    hypervisorBit: evidence.hypervisorBit,
    vendor: text("vendor", evidence.vendor),
    model: text("model", evidence.model),
    kubernetesCluster: text("kubernetes_cluster", evidence.kubernetesCluster),
  };
}

/**
 * What makes two requests the same. A map has no order: a client that encodes the same request anew
 * may write it in another one. Challenge and proof belong to a try, not to the request.
 */
function canonicalBytes(check: Check, request: activation.UnlockRequest): Uint8Array {
  const fingerprint = request.fingerprint && {
    ...request.fingerprint,
    components: Object.fromEntries(
      Object.entries(request.fingerprint.components).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
  const same = { ...request, fingerprint, challenge: Buffer.alloc(0), proof: "" };
  return requestBytes(check, activation.UnlockRequest, same);
}

function parseFingerprint(check: Check, { salt, components }: activation.Fingerprint): Fingerprint {
  const named = check.list(
    "fingerprint.components",
    Object.entries(components),
    { max: MOST_COMPONENTS },
    ([name, digest], field) =>
      [
        check.matching(field, name, COMPONENT, COMPONENT_RULE),
        check.bytes(field, digest, DIGEST_BYTES),
      ] as const,
  );
  return {
    salt: check.bytes("fingerprint.salt", salt, SALT_BYTES),
    components: new Map(named),
  };
}
