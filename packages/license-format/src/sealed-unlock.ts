import { CompactEncrypt, compactDecrypt, decodeProtectedHeader, errors } from "jose";
import { fromUtf8 } from "./base64.ts";
import { keyThumbprint, personalName, tokenId } from "./claim-readers.ts";
import { literal, MALFORMED, map, object, type Reader, readJson, text } from "./reader.ts";
import { sealPrivateKey, sealPublicKey, sealPublicKeyOf, sealThumbprint } from "./seal-key.ts";

/** What unlocks a license, and is nobody's to read on the way: sealed to the deployment. */
export interface UnlockSecret {
  readonly licenseeName: string;
  readonly licenseeOrganization: string;
  /** As typed; at most 128 characters. */
  readonly productKey: string;
}

/** The one request that a sealed secret belongs to. */
export interface SealedFor {
  /** Of the key that signs the request. */
  readonly publicKeyThumbprint: string;
  /** The request's id. */
  readonly request: string;
}

/**
 * Why a sealed secret is not opened:
 * - `unknown-seal-key`: sealed to a key that is not this deployment's, or no longer
 * - `seal`: spoilt, or not sealed the way it should be
 * - `foreign-seal`: taken out of another request
 */
export type SealFault = "unknown-seal-key" | "seal" | "foreign-seal";

/** What was sealed, or why it is not told. */
export type Unsealed =
  | { readonly kind: "opened"; readonly secret: UnlockSecret }
  | { readonly kind: "refused"; readonly fault: SealFault };

/** Longest sealed secret, in characters. */
export const MAX_SEALED_LENGTH = 4_096;

const ALGORITHM = "ECDH-ES";
const ENCRYPTION = "A256GCM";
const LONGEST_TYPED = 128;

const header = object({ alg: literal(ALGORITHM), enc: literal(ENCRYPTION), kid: keyThumbprint });

const sealed: Reader<{ readonly secret: UnlockSecret; readonly sealedFor: SealedFor }> = map(
  object({
    name: personalName,
    organization: personalName,
    key: text((typed) => typed.length <= LONGEST_TYPED && typed.isWellFormed()),
    jkt: keyThumbprint,
    jti: tokenId,
  }),
  ({ name, organization, key, jkt, jti }) => ({
    secret: { licenseeName: name, licenseeOrganization: organization, productKey: key },
    sealedFor: { publicKeyThumbprint: jkt, request: jti },
  }),
);

/**
 * Seals a secret to a deployment: a JWE of ECDH-ES over X25519 and AES-256-GCM, whose content
 * names the request that it is for.
 * @param sealKey the deployment's public key, 32 bytes
 * @throws RangeError if the secret is none that could be opened
 */
export async function sealUnlock(
  secret: UnlockSecret,
  { publicKeyThumbprint, request }: SealedFor,
  sealKey: Uint8Array,
): Promise<string> {
  const content = JSON.stringify({
    name: secret.licenseeName,
    organization: secret.licenseeOrganization,
    key: secret.productKey,
    jkt: publicKeyThumbprint,
    jti: request,
  });
  if (readJson(content, sealed) === MALFORMED)
    throw new RangeError("name, organization or product key is empty, too long, or no text");
  return new CompactEncrypt(new TextEncoder().encode(content))
    .setProtectedHeader({ alg: ALGORITHM, enc: ENCRYPTION, kid: sealThumbprint(sealKey) })
    .encrypt(sealPublicKey(sealKey));
}

/**
 * Opens a sealed secret that came with a request whose signature was verified. One that was
 * moved into somebody else's request stays closed: it does not unlock for whoever copied it.
 * @param privateKeys the deployment's, 32 bytes each
 */
export async function openSealedUnlock(
  jwe: string,
  { publicKeyThumbprint, request }: SealedFor,
  privateKeys: readonly Uint8Array[],
): Promise<Unsealed> {
  const kid = jwe.length > MAX_SEALED_LENGTH ? undefined : kidOf(jwe);
  if (kid === undefined) return unopened("seal");
  const key = privateKeys.find((known) => sealThumbprint(sealPublicKeyOf(known)) === kid);
  if (key === undefined) return unopened("unknown-seal-key");
  const content = await decrypted(jwe, key);
  const read = content === undefined ? MALFORMED : readJson(content, sealed);
  if (read === MALFORMED) return unopened("seal");
  const { sealedFor, secret } = read;
  const own =
    sealedFor.publicKeyThumbprint === publicKeyThumbprint && sealedFor.request === request;
  return own ? { kind: "opened", secret } : unopened("foreign-seal");
}

function unopened(fault: SealFault): Unsealed {
  return { kind: "refused", fault };
}

function kidOf(jwe: string): string | undefined {
  let written: unknown;
  try {
    written = decodeProtectedHeader(jwe);
  } catch {
    return undefined;
  }
  const read = header(written);
  return read === MALFORMED ? undefined : read.kid;
}

async function decrypted(jwe: string, privateKey: Uint8Array): Promise<string | undefined> {
  try {
    const { plaintext } = await compactDecrypt(jwe, sealPrivateKey(privateKey), {
      keyManagementAlgorithms: [ALGORITHM],
      contentEncryptionAlgorithms: [ENCRYPTION],
    });
    return fromUtf8(plaintext);
  } catch (error) {
    // Also where the ephemeral key is no point that a shared secret comes of.
    if (error instanceof errors.JOSEError || error instanceof DOMException) return undefined;
    throw error;
  }
}
