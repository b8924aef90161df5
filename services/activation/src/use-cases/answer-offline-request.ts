import {
  formatResponseFile,
  openSealedUnlock,
  type OfflinePurpose,
  type SignedOfflineRequest,
  thumbprint,
} from "@leasehold/license-format";
import type { Uuid } from "@leasehold/kernel";
import { installationNotFound } from "../domain/activation-problems.ts";
import {
  type Installation,
  installationName,
  type KnownMachine,
  readInstallationId,
} from "../domain/installation.ts";
import { matches } from "../domain/fingerprint-match.ts";
import {
  fingerprintMismatch,
  installationDisabled,
  installationEnded,
} from "../domain/installation-problems.ts";
import { NO_EVIDENCE } from "@leasehold/machine/rules";
import { offlineFileRefused } from "../domain/offline-problems.ts";
import { type DeactivationProof, endByProof, type EndByProofPorts } from "./end-by-proof.ts";
import type { KeyedInstallations, OfflineRequests } from "./offline-ports.ts";
import type { Certificates, Installations, Replies, RequestIdentity } from "./ports.ts";
import { type ReadOfflineRequest, readOfflineRequest } from "./read-offline-request.ts";
import type { Peer } from "./unlock-command.ts";
import { readTypedKey, unlockMachine, type UnlockMachinePorts } from "./unlock-machine.ts";

/** A request file to answer. */
export interface AnswerOfflineRequestCommand {
  readonly request: RequestIdentity;
  /** The request file, whole, as it was carried here. */
  readonly requestFile: string;
}

/** What a request file is answered with. */
export interface AnsweredOfflineRequest {
  readonly installation: Installation;
  /** The `.lres` file; empty to a proof that the installation was ended. */
  readonly responseFile: string;
}

/** What answering request files needs. */
export interface OfflinePorts {
  readonly deployment: string;
  /** What secrets in request files are sealed to: X25519, 32 bytes each. */
  readonly sealKeys: readonly Uint8Array[];
  readonly offlineRequests: OfflineRequests;
  readonly installations: Pick<Installations, "find"> & KeyedInstallations;
  /** What unlocking needs, by whatever way. */
  readonly unlock: UnlockMachinePorts;
  readonly proofs: Omit<EndByProofPorts, "clock">;
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
  peer: Peer,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const earlier = await ports.replies.find(command.request);
  if (earlier !== undefined) return earlier;
  const now = ports.unlock.clock.now();
  const read = await readOfflineRequest(command.requestFile, { ...ports, now });
  const answered =
    (await recall(ports, read)) ?? (await answerFirst(ports, read, { peer, signal }));
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

interface Call {
  readonly peer: Peer;
  readonly signal: AbortSignal;
}

async function answerFirst(
  ports: OfflinePorts,
  read: ReadOfflineRequest,
  { peer, signal }: Call,
): Promise<AnsweredOfflineRequest> {
  const { claims } = read;
  if (claims.purpose === "UNLOCK")
    return respond(ports, read, await unlockOffline(ports, read, claims, { peer, signal }));
  if (claims.purpose === "REFRESH")
    return respond(ports, read, await refreshOffline(ports, read, claims, signal));
  return deactivateOffline(ports, read, claims);
}

async function respond(
  ports: OfflinePorts,
  { identity, claims }: ReadOfflineRequest,
  { installation, certificates }: Issued,
): Promise<AnsweredOfflineRequest> {
  const responseFile = formatResponseFile({ request: claims.id, ...certificates });
  const { kind, answer } = await ports.offlineRequests.keep(identity, {
    installation: installation.id,
    responseFile,
  });
  if (kind === "first") await tellAnswered(ports, claims, installation);
  return { installation, responseFile: answer.responseFile };
}

async function tellAnswered(
  { report, offlineRequests, unlock }: OfflinePorts,
  { purpose, id }: SignedOfflineRequest,
  installation: Installation,
): Promise<void> {
  report({ purpose, request: id as Uuid, installation });
  await offlineRequests.prune(unlock.clock.now());
}

/**
 * As over a connection, but that the request file is used up together with the installation's entry. Whoever
 * brings the file is whom limits count.
 */
async function unlockOffline(
  { sealKeys, unlock }: OfflinePorts,
  { identity, fingerprint }: ReadOfflineRequest,
  claims: SignedOfflineRequest & { readonly purpose: "UNLOCK" },
  { peer, signal }: Call,
): Promise<Issued> {
  const { sealed, publicKey, product, host, id, version, evidence } = claims;
  const sealedFor = { publicKeyThumbprint: thumbprint(publicKey), request: id };
  const opened = await openSealedUnlock(sealed, sealedFor, sealKeys);
  if (opened.kind === "refused") throw offlineFileRefused(opened.fault);
  const { licenseeName, licenseeOrganization, productKey } = opened.secret;
  const machine = {
    licensee: {
      name: licenseeName.normalize("NFC"),
      organization: licenseeOrganization.normalize("NFC"),
    },
    productKey,
    product,
    publicKey,
    fingerprint,
    host,
    evidence: evidence && { ...NO_EVIDENCE, ...evidence },
    applicationVersion: version,
    applicationReleaseTime: undefined,
  };
  const known = { ...machine, productKey: await readTypedKey(unlock, machine, peer, signal) };
  await unlock.limits.admit({ network: peer.network, productKey: known.productKey });
  const spends = { kind: "file", file: identity } as const;
  return unlockMachine(unlock, known, { peer, spends, answers: id }, signal);
}

/** Certificates anew, for the installation that signed the request with its own key. */
async function refreshOffline(
  { installations, unlock }: OfflinePorts,
  { fingerprint }: ReadOfflineRequest,
  claims: SignedOfflineRequest & { readonly purpose: "REFRESH" },
  signal: AbortSignal,
): Promise<Issued> {
  const { publicKey, id } = claims;
  const known = await ownerOf(installations, claims);
  const { installation } = known;
  if (installation.state === "DISABLED") throw installationDisabled();
  if (installation.state === "ENDED") throw installationEnded();
  if (!matches(known.fingerprint, fingerprint)) throw fingerprintMismatch();
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

/** The machine waits for nothing: there is no response file. */
async function deactivateOffline(
  ports: OfflinePorts,
  read: ReadOfflineRequest,
  proof: DeactivationProof,
): Promise<AnsweredOfflineRequest> {
  const { installations, unlock } = ports;
  const known = await ownerOf(installations, proof);
  const ending = { ...ports.proofs, clock: unlock.clock };
  const { kind } = await endByProof(ending, read, proof, known);
  const installation = await installations.find(known.installation.id);
  if (installation === undefined) throw installationNotFound();
  if (kind === "first") await tellAnswered(ports, proof, installation);
  return { installation, responseFile: "" };
}

/** The installation that a request names, whose key signed it. */
async function ownerOf(
  installations: KeyedInstallations,
  {
    installation: name,
    publicKey,
    product,
  }: Extract<SignedOfflineRequest, { readonly installation: string }>,
): Promise<KnownMachine> {
  const asked = readInstallationId(name);
  const known = asked && (await installations.findKeyed(asked, publicKey));
  if (known === undefined) throw offlineFileRefused("unknown-installation");
  if (known.installation.product !== product) throw offlineFileRefused("wrong-audience");
  return known;
}
