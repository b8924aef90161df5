import { tokenText } from "./claim-readers.ts";
import { licenseFilePreview } from "./license-file-preview.ts";
import type { LicenseFileTokens } from "./license-file.ts";
import { object, type Reader, text } from "./reader.ts";
import { isUuid } from "@leasehold/kernel";
import {
  formatTextBlock,
  parseTextBlock,
  previewLines,
  type TextBlockFault,
  type TextBlockKind,
} from "./text-block.ts";
import { refused, type Verified } from "./verified.ts";
import {
  type LicenseFileClaims,
  type LicenseFileExpectation,
  verifyLicenseFile,
} from "./verify-license-file.ts";

/** What a response file holds: the tokens of a license file, and the request that they answer. */
export interface OfflineResponse extends LicenseFileTokens {
  /** The id of the request. The installation certificate says the same, signed. */
  readonly request: string;
}

/** A response file taken apart; nothing of it is verified by being here. */
export type ParsedResponseFile =
  | ({ readonly kind: "parsed"; readonly preview: readonly string[] } & OfflineResponse)
  | { readonly kind: "refused"; readonly fault: TextBlockFault };

/** Largest response file, in bytes: that of a license file, and the request's id. */
const MAX_RESPONSE_FILE_BYTES = 81 * 1024;

const response: Reader<OfflineResponse> = object({
  request: text(isUuid),
  license: tokenText,
  install: tokenText,
  trust: tokenText,
});

const RESPONSE_FILE: TextBlockKind<OfflineResponse> = {
  title: "Leasehold response file",
  label: "LEASEHOLD RESPONSE",
  maxBytes: MAX_RESPONSE_FILE_BYTES,
  read: response,
};

/**
 * Writes a response file (`.lres`).
 * @throws RangeError if the tokens are not those of a license file, or too long for a file
 */
export function formatResponseFile(answer: OfflineResponse): string {
  const preview = responseFilePreview(answer);
  if (preview === undefined) throw new RangeError("these are not the tokens of a response file");
  const { request, license, install, trust } = answer;
  return formatTextBlock(RESPONSE_FILE, preview, { request, license, install, trust });
}

/** Takes a response file apart. Line ends of either kind, and a byte order mark, are accepted. */
export function parseResponseFile(text: string): ParsedResponseFile {
  const parsed = parseTextBlock(RESPONSE_FILE, text);
  if (parsed.kind === "refused") return parsed;
  return { kind: "parsed", preview: parsed.preview, ...parsed.content };
}

/** The lines in front of a response file, derived from it; `undefined` if it is none. */
export function responseFilePreview(answer: OfflineResponse): readonly string[] | undefined {
  const license = licenseFilePreview(answer);
  return license && [...previewLines([["Answers", answer.request]]), ...license];
}

/**
 * Verifies all that a response file holds, down from the pinned root key, and that it answers
 * the request that it says: `mismatched` if the certificate was made for another one, or for
 * none. Whose key it was made out to is the caller's to compare.
 * @param rootPublicKey 32 bytes
 */
export async function verifyResponseFile(
  answer: OfflineResponse,
  rootPublicKey: Uint8Array,
  expected: LicenseFileExpectation,
): Promise<Verified<LicenseFileClaims>> {
  const verified = await verifyLicenseFile(answer, rootPublicKey, expected);
  if (verified.kind === "refused") return verified;
  return verified.claims.installation.answers === answer.request ? verified : refused("mismatched");
}
