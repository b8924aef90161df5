import { tokenTextOf } from "./claim-readers.ts";
import { object } from "./reader.ts";
import { readOfflineRequestUnverified } from "./offline-request.ts";
import {
  formatTextBlock,
  parseTextBlock,
  type PreviewFact,
  previewLines,
  type TextBlockFault,
  type TextBlockKind,
} from "./text-block.ts";

/** Largest request file, in bytes. */
export const MAX_REQUEST_FILE_BYTES = 32 * 1024;

/** Room for the largest request in a file, in characters. */
const MAX_REQUEST_LENGTH = 20 * 1024;

/** A request file taken apart: an `actreq+jwt` that is not verified by being here. */
export type ParsedRequestFile =
  | { readonly kind: "parsed"; readonly preview: readonly string[]; readonly request: string }
  | { readonly kind: "refused"; readonly fault: TextBlockFault };

const REQUEST_FILE: TextBlockKind<{ readonly request: string }> = {
  title: "Leasehold request file",
  label: "LEASEHOLD REQUEST",
  maxBytes: MAX_REQUEST_FILE_BYTES,
  read: object({ request: tokenTextOf(MAX_REQUEST_LENGTH) }),
};

/**
 * Writes a request file (`.lreq`): what it asks for in words, and the request.
 * @throws RangeError if the token is no request
 */
export function formatRequestFile(request: string): string {
  const preview = requestFilePreview(request);
  if (preview === undefined) throw new RangeError("this is not the token of a request file");
  return formatTextBlock(REQUEST_FILE, preview, { request });
}

/** Takes a request file apart. Line ends of either kind, and a byte order mark, are accepted. */
export function parseRequestFile(text: string): ParsedRequestFile {
  const parsed = parseTextBlock(REQUEST_FILE, text);
  if (parsed.kind === "refused") return parsed;
  return { kind: "parsed", preview: parsed.preview, request: parsed.content.request };
}

/** The lines in front of a request file, derived from the request; `undefined` if it is none. */
export function requestFilePreview(request: string): readonly string[] | undefined {
  const claims = readOfflineRequestUnverified(request);
  if (claims === undefined) return undefined;
  const facts: readonly PreviewFact[] = [
    ["Purpose", claims.purpose],
    ["Request", claims.id],
    ["Deployment", claims.deployment],
    ["Product", claims.product],
    ...(claims.purpose === "UNLOCK" ? [] : [["Installation", claims.installation] as const]),
    ...(claims.host === "" ? [] : [["Host", claims.host] as const]),
    ...(claims.version === "" ? [] : [["Version", claims.version] as const]),
    ["Made", new Date(claims.madeAt).toISOString()],
  ];
  return previewLines(facts);
}
