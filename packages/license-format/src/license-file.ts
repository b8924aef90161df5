import { tokenText } from "./claim-readers.ts";
import { licenseFilePreview } from "./license-file-preview.ts";
import { object } from "./reader.ts";
import {
  formatTextBlock,
  parseTextBlock,
  type TextBlockFault,
  type TextBlockKind,
} from "./text-block.ts";

/** Largest license file, in bytes. */
export const MAX_LICENSE_FILE_BYTES = 80 * 1024;

/** What a license file holds: three tokens, none of them verified by being here. */
export interface LicenseFileTokens {
  /** A `license+jwt`. */
  readonly license: string;
  /** An `install+jwt`. */
  readonly install: string;
  /** A `trust+jwt`. */
  readonly trust: string;
}

/** Why a text is no license file. */
export type LicenseFileFault = TextBlockFault;

/** A license file taken apart. `preview` is its `#` lines, as they stand there. */
export type ParsedLicenseFile =
  | ({ readonly kind: "parsed"; readonly preview: readonly string[] } & LicenseFileTokens)
  | { readonly kind: "refused"; readonly fault: LicenseFileFault };

const LICENSE_FILE: TextBlockKind<LicenseFileTokens> = {
  title: "Leasehold license file",
  label: "LEASEHOLD LICENSE",
  maxBytes: MAX_LICENSE_FILE_BYTES,
  read: object({ license: tokenText, install: tokenText, trust: tokenText }),
};

/**
 * Writes a license file (`.lic`): a preview to read, and the tokens.
 * @throws RangeError if the tokens are not such tokens, or too long for a file
 */
export function formatLicenseFile({ license, install, trust }: LicenseFileTokens): string {
  const preview = licenseFilePreview({ license, install });
  if (preview === undefined) throw new RangeError("these are not the tokens of a license file");
  return formatTextBlock(LICENSE_FILE, preview, { license, install, trust });
}

/** Takes a license file apart. Line ends of either kind, and a byte order mark, are accepted. */
export function parseLicenseFile(text: string): ParsedLicenseFile {
  const parsed = parseTextBlock(LICENSE_FILE, text);
  if (parsed.kind === "refused") return parsed;
  return { kind: "parsed", preview: parsed.preview, ...parsed.content };
}
