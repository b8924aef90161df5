import { toBase64 } from "./base64.ts";
import { deployment, keyThumbprint, publicKeyBytes, seconds, time } from "./claim-readers.ts";
import {
  integer,
  list,
  literal,
  MALFORMED,
  map,
  object,
  optional,
  type Reader,
  readJson,
  text,
} from "./reader.ts";
import { rootsFrom, successionTokens } from "./root-succession.ts";
import { type SigningKey, type SigningPurpose, thumbprint } from "./signing-key.ts";
import { type FoundKey, signToken, verifyToken } from "./token.ts";
import { parseToken } from "./token-grammar.ts";
import { refused, type Verified } from "./verified.ts";

/** A public key, and the one thing that it may sign. */
export interface TrustedKey {
  readonly kid: string;
  readonly purpose: SigningPurpose;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** The keys that a deployment signs with. Signed by its root key, which verifiers have pinned. */
export interface TrustBundle {
  readonly deployment: string;
  /** Grows with every change; a verifier takes none older than the newest it has seen. */
  readonly version: number;
  readonly keys: readonly TrustedKey[];
  /** How verifiers that have pinned an earlier root get to the one that signs: `root+jwt`s, if there are any. */
  readonly successions?: readonly string[];
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

const MAX_KEYS = 64;

const PURPOSES: readonly SigningPurpose[] = ["license", "install", "lease", "trust", "audit"];

/** Reads one key, or `undefined` for one of a purpose that this reader does not know. */
const key: Reader<TrustedKey | undefined> = map(
  object({
    kty: literal("OKP"),
    crv: literal("Ed25519"),
    x: publicKeyBytes,
    kid: keyThumbprint,
    purpose: text((value) => /^[a-z][a-z0-9-]{0,31}$/.test(value)),
  }),
  ({ x, kid, purpose: name }) => {
    if (thumbprint(x) !== kid) return MALFORMED;
    const purpose = PURPOSES.find((known) => known === name);
    return purpose === undefined ? undefined : { kid, purpose, publicKey: x };
  },
);

const bundle: Reader<TrustBundle> = map(
  object({
    iss: deployment,
    iat: time,
    version: integer(1),
    keys: list(key, MAX_KEYS),
    roots: optional(successionTokens),
  }),
  (claims) => {
    const keys = claims.keys.filter((known) => known !== undefined);
    // One key with two purposes would be bound to neither.
    if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) return MALFORMED;
    const { iss, iat, version, roots } = claims;
    return { deployment: iss, version, keys, issuedAt: iat, ...(roots && { successions: roots }) };
  },
);

/**
 * Signs a trust bundle, as a `trust+jwt`.
 * @throws RangeError if the key is not a root key, or the bundle is not of its shape
 */
export async function signTrustBundle(root: SigningKey, trust: TrustBundle): Promise<string> {
  if (root.purpose !== "trust") throw new RangeError("only a root key signs trust bundles");
  const claims = {
    iss: trust.deployment,
    iat: seconds(trust.issuedAt),
    version: trust.version,
    keys: trust.keys.map(({ kid, purpose, publicKey }) => ({
      kty: "OKP",
      crv: "Ed25519",
      x: toBase64(publicKey, "base64url"),
      kid,
      purpose,
    })),
    ...(trust.successions && { roots: trust.successions }),
  };
  return signToken(root, "trust+jwt", claims, bundle);
}

/**
 * Verifies a trust bundle.
 * @param rootPublicKey the deployment's root key, 32 bytes, known beforehand: the one that signed, or an
 *   earlier one, from which the bundle's successions lead to it
 * @param minVersion the newest version seen before: an older one is refused
 */
export async function verifyTrustBundle(
  token: string,
  rootPublicKey: Uint8Array,
  minVersion = 1,
): Promise<Verified<TrustBundle>> {
  const roots = await rootsOf(token, rootPublicKey);
  const verified = await verifyToken(token, "trust+jwt", bundle, (kid) => {
    const publicKey = roots.get(kid);
    return publicKey === undefined ? refused("unknown-key") : { kind: "key", publicKey };
  });
  if (verified.kind === "refused") return verified;
  return verified.claims.version < minVersion ? refused("older-bundle") : verified;
}

/** The root keys that are believed, by what a bundle brings along. */
async function rootsOf(
  token: string,
  pinned: Uint8Array,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const parts = parseToken(token);
  const claims = parts === undefined ? MALFORMED : readJson(parts.payload, bundle);
  return claims === MALFORMED
    ? new Map([[thumbprint(pinned), pinned]])
    : rootsFrom(pinned, claims.successions ?? [], claims.deployment);
}

/** The bundle's key with this id, if it is for this purpose. */
export function findTrustedKey(
  trust: Pick<TrustBundle, "keys">,
  kid: string,
  purpose: SigningPurpose,
): FoundKey {
  const found = trust.keys.find((trusted) => trusted.kid === kid);
  if (found === undefined) return refused("unknown-key");
  return found.purpose === purpose
    ? { kind: "key", publicKey: found.publicKey }
    : refused("wrong-purpose");
}
