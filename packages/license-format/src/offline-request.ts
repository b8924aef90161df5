import { isUuid } from "@leasehold/kernel";
import { toBase64 } from "./base64.ts";
import {
  deployment,
  installationName,
  productName,
  publicKeyBytes,
  seconds,
  time,
  toldText,
} from "./claim-readers.ts";
import { type FingerprintClaim, fingerprintClaim } from "./installation-certificate.ts";
import { machineEvidence, type MachineEvidenceClaim } from "./machine-evidence-claim.ts";
import {
  integer,
  MALFORMED,
  map,
  object,
  oneOf,
  optional,
  pattern,
  type Reader,
  readJson,
  text,
} from "./reader.ts";
import { MAX_SEALED_LENGTH } from "./sealed-unlock.ts";
import { signingKey, thumbprint } from "./signing-key.ts";
import { type FoundKey, signToken, verifyToken } from "./token.ts";
import { parseToken } from "./token-grammar.ts";
import { refused, type Verified } from "./verified.ts";

/** What is asked for: the first license, the license anew, or that the installation ends. */
export type OfflinePurpose = "UNLOCK" | "REFRESH" | "DEACTIVATE";

/** What a request file claims, whatever it asks for. */
interface OfflineRequestCommon {
  /** A UUID: what the answer goes by, and what makes the request count once. */
  readonly id: string;
  /** The deployment that is asked. */
  readonly deployment: string;
  /** `products/{product}`. */
  readonly product: string;
  /** By the clock of the machine, in milliseconds since 1970. */
  readonly madeAt: number;
  /** The machine's host name; at most 200 code points; may be empty. */
  readonly host: string;
  /** The version of the application; at most 200 code points; may be empty. */
  readonly version: string;
  readonly fingerprint?: FingerprintClaim;
  readonly evidence?: MachineEvidenceClaim;
}

/** What a request file claims. */
export type OfflineRequestClaims = OfflineRequestCommon &
  (
    | {
        readonly purpose: "UNLOCK";
        /** An `UnlockSecret`, sealed to the deployment for this request. */
        readonly sealed: string;
      }
    | {
        readonly purpose: "REFRESH";
        /** `installations/{installation}`. */
        readonly installation: string;
      }
    | {
        readonly purpose: "DEACTIVATE";
        /** `installations/{installation}`. */
        readonly installation: string;
        /** What its next refresh would have come with; 0 to 2^53 - 1. */
        readonly counter: number;
        /** A refresh that was asked for with this counter and not answered, a UUID. */
        readonly unanswered?: string;
      }
  );

/** A request, and the key that it proves to have. Whose key that is the verifier must know. */
export type SignedOfflineRequest = OfflineRequestClaims & {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
};

/** How long after it was made a request is answered, in milliseconds. */
export const MAX_OFFLINE_REQUEST_AGE = 30 * 86_400_000;

/** How far the clock of a machine that nobody sets may be ahead, in milliseconds. */
export const OFFLINE_CLOCK_LEEWAY = 86_400_000;

const told = toldText({ least: 0 });

/** Reads the payload of an `actreq+jwt`. */
const offlineRequest: Reader<SignedOfflineRequest> = map(
  object({
    aud: deployment,
    jti: text(isUuid),
    iat: time,
    purpose: oneOf("UNLOCK", "REFRESH", "DEACTIVATE"),
    product: productName,
    pub: publicKeyBytes,
    host: told,
    version: told,
    fingerprint: optional(fingerprintClaim),
    evidence: optional(machineEvidence),
    sealed: optional(pattern(new RegExp(`^[\\w.-]{1,${MAX_SEALED_LENGTH}}$`))),
    sub: optional(installationName),
    counter: optional(integer(0)),
    unanswered: optional(text(isUuid)),
  }),
  ({ aud, jti, iat, purpose, pub, sealed, sub, counter, unanswered, ...told }) => {
    const { fingerprint, evidence, ...rest } = told;
    const common = {
      ...rest,
      id: jti,
      deployment: aud,
      madeAt: iat,
      publicKey: pub,
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(evidence === undefined ? {} : { evidence }),
    };
    const isOfRefreshes = counter !== undefined || unanswered !== undefined;
    if (purpose === "UNLOCK")
      return sealed === undefined || sub !== undefined || isOfRefreshes
        ? MALFORMED
        : { ...common, purpose, sealed };
    if (sub === undefined || sealed !== undefined) return MALFORMED;
    if (purpose === "REFRESH")
      return isOfRefreshes ? MALFORMED : { ...common, purpose, installation: sub };
    if (counter === undefined) return MALFORMED;
    const last = unanswered === undefined ? {} : { unanswered };
    return { ...common, purpose, installation: sub, counter, ...last };
  },
);

/**
 * Signs a request, as an `actreq+jwt`, with the installation's own key. The time is cut to
 * whole seconds.
 * @param privateKey 32 bytes
 * @throws RangeError if the claims are not of their shape
 */
export function signOfflineRequest(
  claims: OfflineRequestClaims,
  privateKey: Uint8Array,
): Promise<string> {
  const key = signingKey("install", privateKey);
  const payload = {
    aud: claims.deployment,
    jti: claims.id,
    iat: seconds(claims.madeAt),
    purpose: claims.purpose,
    product: claims.product,
    pub: toBase64(key.publicKey, "base64url"),
    host: claims.host,
    version: claims.version,
    fingerprint: claims.fingerprint,
    evidence: claims.evidence,
    ...(claims.purpose === "UNLOCK" ? { sealed: claims.sealed } : { sub: claims.installation }),
    ...(claims.purpose === "DEACTIVATE" && {
      counter: claims.counter,
      unanswered: claims.unanswered,
    }),
  };
  return signToken(key, "actreq+jwt", payload, offlineRequest);
}

/**
 * Verifies that a request was signed with the key that it brings along, and not changed since.
 * @param expected whom it must ask, any deployment if absent; and the time now, in
 *   milliseconds since 1970: older than 30 days it is `expired`, from a day ahead `not-yet`
 */
export async function verifyOfflineRequest(
  token: string,
  expected: { readonly deployment?: string; readonly now: number },
): Promise<Verified<SignedOfflineRequest>> {
  const verified = await verifyToken(token, "actreq+jwt", offlineRequest, ownKey);
  if (verified.kind === "refused") return verified;
  const { claims } = verified;
  if (expected.deployment !== undefined && claims.deployment !== expected.deployment)
    return refused("wrong-audience");
  if (!(expected.now < claims.madeAt + MAX_OFFLINE_REQUEST_AGE)) return refused("expired");
  return claims.madeAt > expected.now + OFFLINE_CLOCK_LEEWAY ? refused("not-yet") : verified;
}

function ownKey(kid: string, payload: string): FoundKey {
  const read = readJson(payload, offlineRequest);
  if (read === MALFORMED) return refused("malformed");
  return thumbprint(read.publicKey) === kid
    ? { kind: "key", publicKey: read.publicKey }
    : refused("unknown-key");
}

/** What a request says, without any proof of it. */
export function readOfflineRequestUnverified(token: string): SignedOfflineRequest | undefined {
  const parts = parseToken(token);
  const read = parts === undefined ? MALFORMED : readJson(parts.payload, offlineRequest);
  return read === MALFORMED ? undefined : read;
}
