type Base64 = "base64" | "base64url";

/**
 * Reads base64 that is spelled the one canonical way: no white space, tail bits zero,
 * padded in `base64` and unpadded in `base64url`.
 * @returns the bytes, or `undefined` for any other spelling.
 */
export function fromBase64(text: string, variant: Base64): Uint8Array | undefined {
  const bytes = Buffer.from(text, variant);
  return bytes.toString(variant) === text ? bytes : undefined;
}

/** Bytes, or the UTF-8 bytes of a text, in base64. */
export function toBase64(data: Uint8Array | string, variant: Base64): string {
  const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : Buffer.from(data);
  return bytes.toString(variant);
}

/** The text that UTF-8 bytes spell, or `undefined` if they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
