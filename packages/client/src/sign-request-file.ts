import { hostname } from "node:os";
import type { activation } from "@leasehold/contracts";
import { type Clock, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import {
  type FingerprintClaim,
  formatRequestFile,
  type MachineEvidenceClaim,
  type OfflineRequestClaims,
  signOfflineRequest,
} from "@leasehold/license-format";
import { type MachineDescription, tellMachine } from "./describe-machine.ts";
import { offlineDirectory } from "./offline-directory.ts";
import type { InstallationFault } from "./verify-installation.ts";

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

/** What every request says of the machine, with an id of its own. */
export async function aboutMachine(
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

/** Signs a request, and remembers its file before it is told. */
export async function signRequestFile(
  directory: string,
  privateKey: Uint8Array,
  claims: OfflineRequestClaims,
): Promise<MadeOfflineRequest> {
  const requestFile = formatRequestFile(await signOfflineRequest(claims, privateKey));
  await offlineDirectory(directory).keep({ id: claims.id, requestFile });
  return { kind: "made", id: claims.id, requestFile };
}
