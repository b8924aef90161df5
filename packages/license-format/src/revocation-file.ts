import { tokenText, tokenTextOf } from "./claim-readers.ts";
import { object } from "./reader.ts";
import {
  MAX_REVOCATION_LIST_LENGTH,
  readRevocationsUnverified,
  type RevocationList,
  verifyRevocationList,
} from "./revocation-list.ts";
import {
  formatTextBlock,
  parseTextBlock,
  previewLines,
  type TextBlockFault,
  type TextBlockKind,
} from "./text-block.ts";
import { type TrustBundle, verifyTrustBundle } from "./trust-bundle.ts";
import type { Verified } from "./verified.ts";

/** What a revocation file holds: two tokens, neither verified by being here. */
export interface RevocationFileTokens {
  /** A `revlist+jwt`. */
  readonly revocations: string;
  /** A `trust+jwt`. */
  readonly trust: string;
}

/** What a revocation file proves. */
export interface RevocationFileClaims {
  readonly revocations: RevocationList;
  readonly trust: TrustBundle;
}

/** A revocation file taken apart. */
export type ParsedRevocationFile =
  | ({ readonly kind: "parsed"; readonly preview: readonly string[] } & RevocationFileTokens)
  | { readonly kind: "refused"; readonly fault: TextBlockFault };

/** Largest revocation file, in bytes. */
const MAX_FILE_BYTES = 1536 * 1024;

const REVOCATION_FILE: TextBlockKind<RevocationFileTokens> = {
  title: "Leasehold revocation file",
  label: "LEASEHOLD REVOCATIONS",
  maxBytes: MAX_FILE_BYTES,
  read: object({ revocations: tokenTextOf(MAX_REVOCATION_LIST_LENGTH), trust: tokenText }),
};

/**
 * Writes a revocation file (`.lrev`).
 * @throws RangeError if the tokens are not such tokens, or too long for a file
 */
export function formatRevocationFile({ revocations, trust }: RevocationFileTokens): string {
  const preview = revocationFilePreview(revocations);
  if (preview === undefined) throw new RangeError("this is no revocation list");
  return formatTextBlock(REVOCATION_FILE, preview, { revocations, trust });
}

/** Takes a revocation file apart. Line ends of either kind, and a byte order mark, are accepted. */
export function parseRevocationFile(text: string): ParsedRevocationFile {
  const parsed = parseTextBlock(REVOCATION_FILE, text);
  if (parsed.kind === "refused") return parsed;
  return { kind: "parsed", preview: parsed.preview, ...parsed.content };
}

/** The lines in front of a revocation file, derived from the list; `undefined` if it is none. */
export function revocationFilePreview(revocations: string): readonly string[] | undefined {
  const list = readRevocationsUnverified(revocations);
  if (list === undefined) return undefined;
  return previewLines([
    ["Deployment", list.deployment],
    ["Version", String(list.version)],
    ["Licenses", String(list.licenses.length)],
    ["Installations", String(list.installations.length)],
    ["Issued", new Date(list.issuedAt).toISOString()],
  ]);
}

/**
 * Verifies a revocation file, down from the pinned root key.
 * @param rootPublicKey 32 bytes
 * @param seen the newest versions of the list and of the trust bundle seen before
 */
export async function verifyRevocationFile(
  tokens: RevocationFileTokens,
  rootPublicKey: Uint8Array,
  seen: { readonly minVersion?: number; readonly minTrustVersion?: number } = {},
): Promise<Verified<RevocationFileClaims>> {
  const trust = await verifyTrustBundle(tokens.trust, rootPublicKey, seen.minTrustVersion);
  if (trust.kind === "refused") return trust;
  const list = await verifyRevocationList(tokens.revocations, trust.claims, seen.minVersion);
  if (list.kind === "refused") return list;
  return { kind: "verified", claims: { revocations: list.claims, trust: trust.claims } };
}
