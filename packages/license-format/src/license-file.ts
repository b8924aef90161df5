import { fromBase64, fromUtf8, toBase64 } from "./base64.ts";
import { licenseFilePreview } from "./license-file-preview.ts";
import { MALFORMED, object, pattern, type Reader, readJson } from "./reader.ts";
import { MAX_TOKEN_LENGTH } from "./token-grammar.ts";

/** Largest license file, in bytes. */
export const MAX_LICENSE_FILE_BYTES = 80 * 1024;

const TITLE = "# Leasehold license file";
const BEGIN = "-----BEGIN LEASEHOLD LICENSE-----";
const END = "-----END LEASEHOLD LICENSE-----";
const COLUMNS = 64;

/** What a license file holds: three tokens, none of them verified by being here. */
export interface LicenseFileTokens {
  /** A `license+jwt`. */
  readonly license: string;
  /** An `install+jwt`. */
  readonly install: string;
  /** A `trust+jwt`. */
  readonly trust: string;
}

/**
 * Why a text is no license file:
 * - `too-large`: more than 80 KiB
 * - `no-block`: there is no license block in it
 * - `doubled`: there is more than one
 * - `truncated`: the block does not end
 * - `stray-text`: around the block stands something other than `#` lines before it
 * - `malformed`: the block does not hold what it should
 */
export type LicenseFileFault =
  | "too-large"
  | "no-block"
  | "doubled"
  | "truncated"
  | "stray-text"
  | "malformed";

/** A license file taken apart. `preview` is its `#` lines, as they stand there. */
export type ParsedLicenseFile =
  | ({ readonly kind: "parsed"; readonly preview: readonly string[] } & LicenseFileTokens)
  | { readonly kind: "refused"; readonly fault: LicenseFileFault };

const token = pattern(new RegExp(`^(?=.{1,${MAX_TOKEN_LENGTH}}$)[\\w-]+\\.[\\w-]+\\.[\\w-]+$`));

const tokens: Reader<LicenseFileTokens> = object({ license: token, install: token, trust: token });

/**
 * Writes a license file (`.lic`): a preview to read, and the tokens.
 * @throws RangeError if the tokens are not such tokens, or too long for a file
 */
export function formatLicenseFile({ license, install, trust }: LicenseFileTokens): string {
  const preview = licenseFilePreview({ license, install });
  if (preview === undefined) throw new RangeError("these are not the tokens of a license file");
  const body = toBase64(JSON.stringify({ license, install, trust }), "base64");
  const lines = body.match(new RegExp(`.{1,${COLUMNS}}`, "g")) ?? [];
  const file = [TITLE, ...preview, BEGIN, ...lines, END, ""].join("\n");
  if (Buffer.byteLength(file) > MAX_LICENSE_FILE_BYTES) {
    throw new RangeError("a license file has 80 KiB at most");
  }
  return file;
}

/** Takes a license file apart. Line ends of either kind, and a byte order mark, are accepted. */
export function parseLicenseFile(text: string): ParsedLicenseFile {
  if (Buffer.byteLength(text) > MAX_LICENSE_FILE_BYTES) return refusedFile("too-large");
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trimEnd());
  const begin = lines.indexOf(BEGIN);
  const end = lines.indexOf(END);
  if (begin < 0) return refusedFile("no-block");
  if (begin !== lines.lastIndexOf(BEGIN) || end !== lines.lastIndexOf(END)) {
    return refusedFile("doubled");
  }
  if (end < 0) return refusedFile("truncated");
  const before = lines.slice(0, Math.min(begin, end)).filter((line) => line !== "");
  const after = lines.slice(end + 1).filter((line) => line !== "");
  if (end < begin || after.length > 0 || !before.every((line) => line.startsWith("#"))) {
    return refusedFile("stray-text");
  }
  const read = readBlock(lines.slice(begin + 1, end).join(""));
  if (read === MALFORMED) return refusedFile("malformed");
  return { kind: "parsed", preview: before.filter((line) => line !== TITLE), ...read };
}

function readBlock(base64: string): LicenseFileTokens | typeof MALFORMED {
  const bytes = fromBase64(base64, "base64");
  const json = bytes === undefined ? undefined : fromUtf8(bytes);
  return json === undefined ? MALFORMED : readJson(json, tokens);
}

function refusedFile(fault: LicenseFileFault): ParsedLicenseFile {
  return { kind: "refused", fault };
}
