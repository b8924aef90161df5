import { toBase64 } from "./base64.ts";
import { deployment, publicKeyBytes } from "./claim-readers.ts";
import { map, object } from "./reader.ts";
import { sealThumbprint } from "./seal-key.ts";
import { thumbprint } from "./signing-key.ts";
import {
  formatTextBlock,
  parseTextBlock,
  previewLines,
  type TextBlockFault,
  type TextBlockKind,
} from "./text-block.ts";

/**
 * What a machine without a connection must know of the deployment beforehand. Nobody signs it:
 * it is as trustworthy as the way on which it came, for example inside the product.
 */
export interface Vendor {
  /** Who issues, for example `licenses.example.com`. */
  readonly deployment: string;
  /** The root public key to pin, 32 bytes. */
  readonly trustRoot: Uint8Array;
  /** The X25519 public key that secrets in request files are sealed to, 32 bytes. */
  readonly sealKey: Uint8Array;
}

/** A vendor file taken apart. */
export type ParsedVendorFile =
  | ({
      readonly kind: "parsed";
      readonly preview: readonly string[];
      /** The lines that should stand there. */
      readonly derived: readonly string[];
    } & Vendor)
  | { readonly kind: "refused"; readonly fault: TextBlockFault };

const VENDOR_FILE: TextBlockKind<Vendor> = {
  title: "Leasehold vendor file",
  label: "LEASEHOLD VENDOR",
  maxBytes: 4 * 1024,
  read: map(
    object({ deployment, root: publicKeyBytes, seal: publicKeyBytes }),
    ({ deployment: name, root, seal }) => ({ deployment: name, trustRoot: root, sealKey: seal }),
  ),
};

/**
 * Writes a vendor file (`.lven`).
 * @throws RangeError if these are not a deployment's name and keys
 */
export function formatVendorFile({ deployment: name, trustRoot, sealKey }: Vendor): string {
  const vendor = { deployment: name, trustRoot, sealKey };
  return formatTextBlock(VENDOR_FILE, vendorPreview(vendor), {
    deployment: name,
    root: toBase64(trustRoot, "base64url"),
    seal: toBase64(sealKey, "base64url"),
  });
}

/** Takes a vendor file apart. */
export function parseVendorFile(text: string): ParsedVendorFile {
  const parsed = parseTextBlock(VENDOR_FILE, text);
  if (parsed.kind === "refused") return parsed;
  const { preview, content } = parsed;
  return { kind: "parsed", preview, derived: vendorPreview(content), ...content };
}

function vendorPreview({ deployment: name, trustRoot, sealKey }: Vendor): readonly string[] {
  return previewLines([
    ["Deployment", name],
    ["Root key", thumbprint(trustRoot)],
    ["Seal key", sealThumbprint(sealKey)],
  ]);
}
