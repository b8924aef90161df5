import { toBase64 } from "./base64.ts";
import { deployment, publicKeyBytes, seconds, time } from "./claim-readers.ts";
import { list, literal, MALFORMED, map, object, type Reader, readJson, text } from "./reader.ts";
import { type SigningKey, thumbprint } from "./signing-key.ts";
import { signToken, verifyToken } from "./token.ts";
import { parseToken } from "./token-grammar.ts";
import { refused, type Verified } from "./verified.ts";

/** That another root key takes the place of one, as the earlier one signed. */
export interface RootSuccession {
  readonly deployment: string;
  /** 32 bytes. */
  readonly predecessor: Uint8Array;
  /** 32 bytes. */
  readonly successor: Uint8Array;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

/** A deployment whose root was changed more often wants its verifiers to pin a later one. */
export const MAX_SUCCESSIONS = 8;

const jwk: Reader<Uint8Array> = map(
  object({ kty: literal("OKP"), crv: literal("Ed25519"), x: publicKeyBytes }),
  ({ x }) => x,
);

const succession: Reader<RootSuccession> = map(
  object({ iss: deployment, iat: time, predecessor: jwk, successor: jwk }),
  ({ iss, iat, predecessor, successor }) =>
    thumbprint(predecessor) === thumbprint(successor)
      ? MALFORMED
      : { deployment: iss, predecessor, successor, issuedAt: iat },
);

/** Reads successions as bundles and files carry them: `root+jwt`s, the earliest first. */
export const successionTokens: Reader<readonly string[]> = list(
  text((token) => parseToken(token) !== undefined),
  MAX_SUCCESSIONS,
);

/**
 * Signs a succession with the root that is succeeded, as a `root+jwt`.
 * @throws RangeError if the key is no root key, or not the predecessor
 */
export async function signRootSuccession(
  root: SigningKey,
  claimed: Omit<RootSuccession, "predecessor">,
): Promise<string> {
  if (root.purpose !== "trust") throw new RangeError("only a root key names its successor");
  const key = (x: Uint8Array) => ({ kty: "OKP", crv: "Ed25519", x: toBase64(x, "base64url") });
  const claims = {
    iss: claimed.deployment,
    iat: seconds(claimed.issuedAt),
    predecessor: key(root.publicKey),
    successor: key(claimed.successor),
  };
  return signToken(root, "root+jwt", claims, succession);
}

/** Verifies a succession against the root that is succeeded. @param root 32 bytes */
async function verifyRootSuccession(
  token: string,
  root: Uint8Array,
): Promise<Verified<RootSuccession>> {
  const rootId = thumbprint(root);
  const verified = await verifyToken(token, "root+jwt", succession, (kid) =>
    kid === rootId ? { kind: "key", publicKey: root } : refused("unknown-key"),
  );
  if (verified.kind === "refused") return verified;
  return thumbprint(verified.claims.predecessor) === rootId ? verified : refused("mismatched");
}

/** What a succession says; for whoever knows on another way that it is to be believed. */
export async function readRootSuccession(token: string): Promise<Verified<RootSuccession>> {
  const parts = parseToken(token);
  const claims = parts && readJson(parts.payload, succession);
  if (claims === undefined || claims === MALFORMED) return refused("malformed");
  return verifyRootSuccession(token, claims.predecessor);
}

/**
 * The root keys that a pinned one leads to, itself among them, by thumbprint: each was named by the one before.
 * @param tokens in any order; those that lead nowhere are passed over
 */
export async function rootsFrom(
  pinned: Uint8Array,
  tokens: readonly string[],
  of: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const reached = new Map([[thumbprint(pinned), pinned]]);
  let root: Uint8Array | undefined = pinned;
  while (root !== undefined) {
    let next: Uint8Array | undefined;
    for (const token of tokens) {
      const verified: Verified<RootSuccession> = await verifyRootSuccession(token, root);
      if (verified.kind === "refused" || verified.claims.deployment !== of) continue;
      const { successor } = verified.claims;
      if (reached.has(thumbprint(successor))) continue;
      reached.set(thumbprint(successor), successor);
      next = successor;
    }
    root = next;
  }
  return reached;
}
