import {
  formatResponseFile,
  openSealedUnlock,
  type OfflinePurpose,
  type SignedOfflineRequest,
  thumbprint,
} from "@leasehold/license-format";
import type { Uuid } from "@leasehold/kernel";
import { installationNotFound } from "../domain/activation-problems.ts";
import { type Installation, installationName, readInstallationId } from "../domain/installation.ts";
import { offlineFileRefused } from "../domain/offline-problems.ts";
import type { KeyedInstallations, OfflineRequests } from "./offline-ports.ts";
import type { Certificates, Installations, Replies, RequestIdentity } from "./ports.ts";
import { type ReadOfflineRequest, readOfflineRequest } from "./read-offline-request.ts";
import { unlockInstallation, type UnlockPorts } from "./unlock.ts";

/** A request file to answer. */
export interface AnswerOfflineRequestCommand {
  readonly request: RequestIdentity;
  /** The request file, whole, as it was carried here. */
  readonly requestFile: string;
}

/** What a request file is answered with. */
export interface AnsweredOfflineRequest {
  readonly installation: Installation;
  /** The `.lres` file. */
  readonly responseFile: string;
}

/** What answering request files needs. */
export interface OfflinePorts {
  readonly deployment: string;
  /** What secrets in request files are sealed to: X25519, 32 bytes each. */
  readonly sealKeys: readonly Uint8Array[];
  readonly offlineRequests: OfflineRequests;
  readonly installations: Pick<Installations, "find"> & KeyedInstallations;
  /** What unlocking over a connection needs, but for where installations are entered. */
  readonly unlock: Omit<UnlockPorts, "encode" | "installations" | "replies" | "report">;
  readonly replies: Replies;
  /** The reply in bytes, as it is kept for a repetition of the request. */
  readonly encode: (answered: AnsweredOfflineRequest) => Uint8Array;
  readonly report: (event: OfflineEvent) => void;
}

/** A request file was answered for the first time. */
export interface OfflineEvent {
  readonly purpose: OfflinePurpose;
  readonly request: Uuid;
  readonly installation: Installation;
}

interface Issued {
  readonly installation: Installation;
  readonly certificates: Certificates;
}

/**
 * Answers a request file. What it asks for is done once; whoever brings the same file again,
 * under whatever request id, gets the response of the first time.
 * @returns the reply in bytes
 * @throws Problem OFFLINE_FILE_REFUSED, OFFLINE_FILE_USED, or why the license may not be used
 */
export async function answerOfflineRequest(
  ports: OfflinePorts,
  command: AnswerOfflineRequestCommand,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const earlier = await ports.replies.find(command.request);
  if (earlier !== undefined) return earlier;
  const now = ports.unlock.clock.now();
  const read = await readOfflineRequest(command.requestFile, { ...ports, now });
  const answered = (await recall(ports, read)) ?? (await answerFirst(ports, read, signal));
  return ports.replies.keep(command.request, ports.encode(answered));
}

async function recall(
  { offlineRequests, installations }: OfflinePorts,
  { identity }: ReadOfflineRequest,
): Promise<AnsweredOfflineRequest | undefined> {
  const known = await offlineRequests.find(identity);
  if (known === undefined) return undefined;
  const installation = await installations.find(known.installation);
  if (installation === undefined) throw installationNotFound();
  return { installation, responseFile: known.responseFile };
}

async function answerFirst(
  ports: OfflinePorts,
  read: ReadOfflineRequest,
  signal: AbortSignal,
): Promise<AnsweredOfflineRequest> {
  const { identity, claims } = read;
  const { installation, certificates } = await carryOut(ports, read, signal);
  const responseFile = formatResponseFile({ request: claims.id, ...certificates });
  const { kind, answer } = await ports.offlineRequests.keep(identity, {
    installation: installation.id,
    responseFile,
  });
  if (kind === "first") {
    ports.report({ purpose: claims.purpose, request: identity.id, installation });
    await ports.offlineRequests.prune(ports.unlock.clock.now());
  }
  return { installation, responseFile: answer.responseFile };
}

function carryOut(
  ports: OfflinePorts,
  read: ReadOfflineRequest,
  signal: AbortSignal,
): Promise<Issued> {
  const { claims } = read;
  if (claims.purpose === "UNLOCK") return unlockOffline(ports, read, claims, signal);
  if (claims.purpose === "REFRESH") return refreshOffline(ports, read, claims, signal);
  throw offlineFileRefused("purpose");
}

/** As over a connection, but that the request file is entered as used together with the installation. */
async function unlockOffline(
  { sealKeys, offlineRequests, unlock }: OfflinePorts,
  { identity, fingerprint }: ReadOfflineRequest,
  { sealed, publicKey, product, host, id }: SignedOfflineRequest & { readonly purpose: "UNLOCK" },
  signal: AbortSignal,
): Promise<Issued> {
  const sealedFor = { publicKeyThumbprint: thumbprint(publicKey), request: id };
  const opened = await openSealedUnlock(sealed, sealedFor, sealKeys);
  if (opened.kind === "refused") throw offlineFileRefused(opened.fault);
  const { licenseeName, licenseeOrganization, productKey } = opened.secret;
  const licensee = {
    name: licenseeName.normalize("NFC"),
    organization: licenseeOrganization.normalize("NFC"),
  };
  return unlockInstallation(
    {
      ...unlock,
      installations: { enroll: (entered) => offlineRequests.enroll(identity, entered) },
    },
    { licensee, productKey, product, publicKey, fingerprint, host, answers: id },
    signal,
  );
}

/** Certificates anew, for the installation that signed the request with its own key. */
async function refreshOffline(
  { installations, unlock }: OfflinePorts,
  { fingerprint }: ReadOfflineRequest,
  {
    installation: name,
    publicKey,
    product,
    id,
  }: SignedOfflineRequest & { readonly purpose: "REFRESH" },
  signal: AbortSignal,
): Promise<Issued> {
  const asked = readInstallationId(name);
  const installation = asked && (await installations.findKeyed(asked, publicKey));
  if (installation === undefined) throw offlineFileRefused("unknown-installation");
  if (installation.product !== product) throw offlineFileRefused("wrong-audience");
  const certificates = await unlock.issuer.issueCertificates(
    {
      license: installation.license,
      installation: installationName(installation.id),
      publicKey,
      fingerprint,
      answers: id,
    },
    signal,
  );
  return { installation, certificates };
}
