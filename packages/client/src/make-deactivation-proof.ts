import { activation } from "@leasehold/contracts";
import { systemClock } from "@leasehold/kernel";
import {
  MAX_OFFLINE_REQUEST_AGE,
  parseRequestFile,
  readOfflineRequestUnverified,
} from "@leasehold/license-format";
import { type GivenBack, noteGivenBack, readGivenBack } from "./given-back.ts";
import { forgetLicenseFile, readInstallationDirectory } from "./installation-directory.ts";
import { offlineDirectory } from "./offline-directory.ts";
import { refreshDirectory } from "./refresh-directory.ts";
import {
  aboutMachine,
  type MadeOfflineRequest,
  type OfflineMachine,
  type OfflineRequestFault,
  signRequestFile,
} from "./sign-request-file.ts";
import { verifyStoredLicense } from "./stored-license.ts";

/** One that has less time left to be carried is made anew. */
const LEAST_LEFT_MS = 86_400_000;

/**
 * Ends the installation of a directory here, and makes the file that proves it: whoever has it answered
 * gives the license its place back. In this order, so that a machine which dies in between has lost
 * nothing: made again, it is the same file, and a new one only where that would be refused by its age, or
 * speaks of refreshes that went on meanwhile. The key stays for that. Nobody can undo it.
 * @returns `locked` if there is no installation, or what is wrong with its license file
 */
export async function makeDeactivationProof(
  directory: string,
  machine: OfflineMachine,
): Promise<MadeOfflineRequest> {
  const ended = (await readGivenBack(directory)) ?? (await giveBack(directory));
  if ("fault" in ended) return { kind: "refused", fault: ended.fault };
  await forgetLicenseFile(directory);
  const { privateKey } = await readInstallationDirectory(directory);
  if (privateKey === undefined) return { kind: "refused", fault: "locked" };
  const refreshes = await standing(directory, ended);
  const made = await madeBefore(directory, refreshes, machine);
  if (made !== undefined) return made;
  const about = await aboutMachine(directory, machine);
  const claims = { ...about, ...ended, ...refreshes, purpose: "DEACTIVATE" } as const;
  return signRequestFile(directory, privateKey, claims);
}

async function giveBack(
  directory: string,
): Promise<GivenBack | { readonly fault: OfflineRequestFault }> {
  const { privateKey, licenseFile, trustRoot } = await readInstallationDirectory(directory);
  if (privateKey === undefined || licenseFile === undefined || trustRoot === undefined)
    return { fault: "locked" };
  const stored = await verifyStoredLicense(licenseFile, trustRoot);
  if (stored.kind === "refused") return stored;
  const { installation, deployment, product } = stored.claims.installation;
  const given = { installation, deployment, product };
  await noteGivenBack(directory, given);
  return given;
}

/** Where refreshes over a connection had come to: what tells this machine from copies of it. */
interface Standing {
  readonly counter: number;
  readonly unanswered?: string;
}

async function standing(directory: string, { installation }: GivenBack): Promise<Standing> {
  const { counter, request } = await refreshDirectory(directory, installation).standing();
  if (request === undefined) return { counter: Number(counter) };
  const { requestId } = activation.RefreshInstallationRequest.decode(request);
  return { counter: Number(counter), unanswered: requestId };
}

/** The proof that was made before, if it is still good. Other requests are of no use any more. */
async function madeBefore(
  directory: string,
  { counter, unanswered }: Standing,
  { clock = systemClock }: OfflineMachine,
): Promise<MadeOfflineRequest | undefined> {
  const offline = offlineDirectory(directory);
  let good: MadeOfflineRequest | undefined;
  for (const { id, requestFile } of await offline.list()) {
    const claims = claimsOf(requestFile);
    const isGood =
      claims?.purpose === "DEACTIVATE" &&
      claims.counter === counter &&
      claims.unanswered === unanswered &&
      claims.madeAt + MAX_OFFLINE_REQUEST_AGE - LEAST_LEFT_MS > clock.now();
    if (isGood && good === undefined) good = { kind: "made", id, requestFile };
    else await offline.forget(id);
  }
  return good;
}

function claimsOf(requestFile: string) {
  const parsed = parseRequestFile(requestFile);
  return parsed.kind === "refused" ? undefined : readOfflineRequestUnverified(parsed.request);
}
