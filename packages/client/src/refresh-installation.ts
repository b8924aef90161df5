import { hostname } from "node:os";
import { activation } from "@leasehold/contracts";
import { type ErrorReason, isProblem, newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { type ActivationAccess, callAsInstallation } from "./call-as-installation.ts";
import { givenBack, notUnlocked, unprovenLicenseFile } from "./client-problems.ts";
import { type MachineDescription, tellMachine, type ToldMachine } from "./describe-machine.ts";
import { isGivenBack } from "./given-back.ts";
import type { Installation } from "./installation.ts";
import { readInstallationDirectory, storeLicenseFile } from "./installation-directory.ts";
import { openInstallation } from "./open-installation.ts";
import { keepNewerRevocations } from "./kept-revocations.ts";
import { type RefreshDirectory, refreshDirectory } from "./refresh-directory.ts";
import { verifyInstallation } from "./verify-installation.ts";

/** What it takes to refresh the installation of this machine. */
export interface RefreshOptions extends ActivationAccess {
  /** Where the installation is kept. */
  readonly directory: string;
  /** The application and its version; optional. */
  readonly applicationVersion?: string;
  /** What the machine is called; its host name if absent. */
  readonly host?: string;
  /** As `UnlockOptions.machine`. */
  readonly machine?: MachineDescription | "none";
}

/** After these a request was not carried out, and never will be: the next one is another one. */
const FOR_GOOD: readonly ErrorReason[] = [
  "INVALID_REQUEST",
  "REQUEST_ID_REUSED",
  "INSTALLATION_CONFLICT",
  "FINGERPRINT_MISMATCH",
];

/**
 * Gets new certificates, and the newest revocation list. What is asked is on disk before it is sent,
 * and what is answered before it counts: whatever breaks in between, the next call goes on from there,
 * and processes that share the directory ask and get the same.
 * @returns the installation as it is from now on
 * @throws Problem UNAUTHENTICATED if the directory holds no installation, or one past its refresh
 *   date: unlock it again; INSTALLATION_CONFLICT, FINGERPRINT_MISMATCH, INSTALLATION_DISABLED,
 *   INSTALLATION_ENDED, LICENSE_*; or one of the transport's
 */
export async function refreshInstallation(options: RefreshOptions): Promise<Installation> {
  const { directory, clock = systemClock } = options;
  const opened = await openInstallation(directory, { clock });
  if (opened.kind !== "unlocked")
    throw notUnlocked(opened.kind === "refused" ? opened.fault : opened.kind);
  const refreshes = refreshDirectory(directory, opened.installation.name);
  const machine = await tellMachine(directory, options.machine);
  const { counter, request } = await refreshes.ask((next) => requestOf(options, machine, next));
  // Looked at when the request is on disk: whoever gives the installation back sees the request then,
  // or it is not sent.
  if (await isGivenBack(directory)) throw givenBack();
  const answer = await call(options, opened.installation, request).catch(
    async (failure: unknown) => {
      if (isProblem(failure) && FOR_GOOD.includes(failure.reason)) await refreshes.forget(counter);
      throw failure;
    },
  );
  return keep(options, refreshes, answer, opened.installation);
}

function requestOf(options: RefreshOptions, machine: ToldMachine, counter: bigint): Uint8Array {
  const { clock = systemClock } = options;
  return activation.RefreshInstallationRequest.encode(
    activation.RefreshInstallationRequest.fromPartial({
      requestId: newUuid(clock, systemRandom),
      counter,
      ...machine,
      applicationVersion: options.applicationVersion ?? "",
      host: options.host ?? hostname(),
    }),
  ).finish();
}

function call(
  options: RefreshOptions,
  installation: Installation,
  request: Uint8Array,
): Promise<activation.RefreshInstallationResponse> {
  const message = activation.RefreshInstallationRequest.decode(request);
  return callAsInstallation(options, installation, (service, given) =>
    service.refreshInstallation(message, given),
  );
}

async function keep(
  { directory, clock = systemClock }: RefreshOptions,
  refreshes: RefreshDirectory,
  { licenseFile, counter, revocationList }: activation.RefreshInstallationResponse,
  before: Installation,
): Promise<Installation> {
  const { privateKey, trustRoot } = await readInstallationDirectory(directory);
  if (privateKey === undefined) throw notUnlocked("locked");
  const evidence = { licenseFile, directory, privateKey, trustRoot, product: before.product };
  const verified = await verifyInstallation({ ...evidence, now: clock.now() });
  if (verified.kind === "refused") throw unprovenLicenseFile(verified.fault);
  const { installation } = verified;
  await keepNewerRevocations(directory, revocationList, installation.trust);
  // Another process may have got further meanwhile.
  if (counter >= (await refreshes.counter()))
    await storeLicenseFile(directory, licenseFile, verified.trustRoot);
  await refreshes.reached(counter);
  const opened = await openInstallation(directory, { clock });
  if (opened.kind !== "unlocked")
    throw unprovenLicenseFile(opened.kind === "refused" ? opened.fault : opened.kind);
  return opened.installation;
}
