import { hostname } from "node:os";
import { activation } from "@leasehold/contracts";
import { type Clock, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { parseProductKey, publicKeyOf } from "@leasehold/license-format";
import { mistypedKey, retiredKey, unprovenLicenseFile } from "./client-problems.ts";
import { type MachineDescription, tellMachine } from "./describe-machine.ts";
import type { Installation } from "./installation.ts";
import {
  ensurePrivateKey,
  readInstallationDirectory,
  storeLicenseFile,
} from "./installation-directory.ts";
import type { ServerSecurity } from "./server-security.ts";
import { refreshDirectory } from "./refresh-directory.ts";
import { verifyInstallation } from "./verify-installation.ts";
import { type UnlockSummary, unlockSummaryOf } from "./unlock-summary.ts";
import { withChallenge } from "./with-challenge.ts";

/** What it takes to unlock a license on this machine. */
export interface UnlockOptions extends ServerSecurity {
  /** The activation service, `host:port`. */
  readonly activation: string;
  /** `products/{product}`. */
  readonly product: string;
  /** The person's name, as the license is made out. */
  readonly licenseeName: string;
  /** The organization, as the license is made out. */
  readonly licenseeOrganization: string;
  /** As typed. */
  readonly productKey: string;
  /** Where the installation is kept; made if it is not there. Nobody else should read it. */
  readonly directory: string;
  /**
   * The deployment's root public key, 32 bytes, known beforehand. If absent, the one that
   * was kept when the directory was unlocked before; the first time, the one that the
   * answer brings is trusted and kept.
   */
  readonly trustRoot?: Uint8Array;
  /** What the machine is called; its host name if absent. */
  readonly host?: string;
  /**
   * What the cluster is told of the machine: what is found out about this one if absent, as
   * `describeMachine` shows it; "none": nothing.
   */
  readonly machine?: MachineDescription | "none";
  /** The application's version, `major[.minor[.patch]]`. */
  readonly applicationVersion?: string;
  /** When that version was released, milliseconds since 1970: compared with the end of maintenance. */
  readonly applicationReleaseTime?: number;
  /** Gives up. What was asked for may be carried out all the same, and can be repeated. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** An installation that was just unlocked, with what people want to read of its license. */
export interface UnlockedInstallation extends Installation {
  /** `undefined` from a server that does not tell it. */
  readonly summary: UnlockSummary | undefined;
}

/**
 * Unlocks the license of a product key on this machine. A mistyped key, or one of an
 * earlier generation, is told before anything is sent. Repeated, it is the same installation.
 * @throws Problem KEY_CHECK, KEY_GENERATION_RETIRED (metadata `advice`), UNLOCK_REFUSED (metadata
 *   `support_reference`) or RATE_LIMITED; the condition that is not met: LICENSE_*, INSTALLATION_LIMIT,
 *   VERSION_NOT_COVERED, VIRTUAL_MACHINE_REFUSED, PLACE_REFUSED; UNAUTHENTICATED if the answer does
 *   not verify; or one of the transport's
 */
export async function unlock(options: UnlockOptions): Promise<UnlockedInstallation> {
  const typed = parseProductKey(options.productKey);
  if (typed.kind === "mistyped") throw mistypedKey(typed.message);
  if (typed.kind === "retired") throw retiredKey(typed.advice);
  const { clock = systemClock, directory, product } = options;
  const privateKey = await ensurePrivateKey(directory);
  const trustRoot = options.trustRoot ?? (await readInstallationDirectory(directory)).trustRoot;
  const response = await call(options, typed.key.text, privateKey);
  const { licenseFile, installation } = response;
  const verified = await verifyInstallation({
    licenseFile,
    directory,
    privateKey,
    trustRoot,
    product,
    now: clock.now(),
  });
  if (verified.kind === "refused") throw unprovenLicenseFile(verified.fault);
  await storeLicenseFile(directory, licenseFile, verified.trustRoot);
  const refreshes = refreshDirectory(directory, verified.installation.name);
  await refreshes.reached(installation?.refreshCounter ?? 0n);
  return { ...verified.installation, summary: unlockSummaryOf(response) };
}

async function call(
  options: UnlockOptions,
  productKey: string,
  privateKey: Uint8Array,
): Promise<activation.UnlockResponse> {
  const { clock = systemClock, signal, applicationReleaseTime } = options;
  const machine = await tellMachine(options.directory, options.machine);
  const { reachService } = await import("./reach-service.ts");
  await using reached = reachService(activation.ActivationServiceDefinition, options.activation, {
    security: options,
  });
  const service = reached.client;
  const request = {
    requestId: newUuid(clock, systemRandom),
    licenseeName: options.licenseeName,
    licenseeOrganization: options.licenseeOrganization,
    productKey,
    product: options.product,
    publicKey: Buffer.from(publicKeyOf(privateKey)),
    ...machine,
    host: options.host ?? hostname(),
    applicationVersion: options.applicationVersion ?? "",
    applicationReleaseTime:
      applicationReleaseTime === undefined ? undefined : new Date(applicationReleaseTime),
  };
  const given = signal ? { signal } : {};
  // The installation has no name yet: the request stands for it.
  const installation = `installations/${request.requestId}`;
  const challenged = { method: "Unlock", installation, privateKey };
  return await withChallenge(service, challenged, given, (proven) =>
    service.unlock({ ...request, ...proven }, given),
  );
}
