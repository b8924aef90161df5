import { createHash } from "node:crypto";
import type { Uuid } from "@leasehold/kernel";
import {
  MAX_OFFLINE_REQUEST_AGE,
  parseRequestFile,
  type SignedOfflineRequest,
  type TokenFault,
  verifyOfflineRequest,
} from "@leasehold/license-format";
import type { Fingerprint } from "../domain/installation.ts";
import { offlineFileOutOfTime, offlineFileRefused } from "../domain/offline-problems.ts";
import type { OfflineRequestIdentity } from "./offline-ports.ts";

/** A request file that was verified, as far as it proves itself. */
export interface ReadOfflineRequest {
  readonly identity: OfflineRequestIdentity;
  readonly claims: SignedOfflineRequest;
  readonly fingerprint: Fingerprint | undefined;
}

/** As the contract has it for a connection. */
const DIGEST_BYTES = 32;
const LEAST_SALT_BYTES = 16;

/** The faults that a request can have, but for those of its time. */
const TOLD = [
  "malformed",
  "algorithm",
  "wrong-type",
  "unknown-key",
  "signature",
  "wrong-audience",
] as const;

/**
 * Reads a request file, and verifies that it asks this deployment, now, in the name of the key
 * that it brings along.
 * @param now milliseconds since 1970
 * @throws Problem OFFLINE_FILE_REFUSED
 */
export async function readOfflineRequest(
  file: string,
  { deployment, now }: { readonly deployment: string; readonly now: number },
): Promise<ReadOfflineRequest> {
  const parsed = parseRequestFile(file);
  if (parsed.kind === "refused") throw offlineFileRefused(parsed.fault);
  const verified = await verifyOfflineRequest(parsed.request, { deployment, now });
  if (verified.kind === "refused") throw unverified(verified.fault, now);
  const { claims } = verified;
  return {
    identity: {
      publicKey: claims.publicKey,
      id: claims.id as Uuid,
      digest: createHash("sha256").update(parsed.request).digest(),
      expireTime: claims.madeAt + MAX_OFFLINE_REQUEST_AGE,
    },
    claims,
    fingerprint: claims.fingerprint && fingerprintOf(claims.fingerprint),
  };
}

function unverified(fault: TokenFault, now: number): Error {
  if (fault === "expired" || fault === "not-yet") return offlineFileOutOfTime(fault, now);
  const told = TOLD.find((known) => known === fault);
  return told === undefined
    ? new Error(`a request is not refused as ${fault}`)
    : offlineFileRefused(told);
}

function fingerprintOf({
  salt,
  components,
}: NonNullable<SignedOfflineRequest["fingerprint"]>): Fingerprint {
  const digests = Object.entries(components).map(
    ([name, digest]) => [name, Buffer.from(digest, "base64url")] as const,
  );
  const salted = Buffer.from(salt, "base64url");
  if (
    salted.length < LEAST_SALT_BYTES ||
    digests.some(([, digest]) => digest.length !== DIGEST_BYTES)
  )
    throw offlineFileRefused("malformed");
  return { salt: salted, components: new Map(digests) };
}
