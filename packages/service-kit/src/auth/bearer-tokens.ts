import type { Principal } from "./principal.ts";

/** A secret that is accepted, and whom it stands for. The secret itself is not kept. */
export interface BearerToken {
  /** SHA-256 of the secret, 32 bytes. */
  readonly sha256: Buffer;
  readonly principal: Principal;
}

/**
 * Reads accepted secrets: a JSON array of `{ sha256, kind, subject, permissions }`, the
 * digest in hex, `kind` `administrator` or `service`, `"*"` for every permission.
 * @throws Error that names the entry which is wrong, never its content
 */
export function parseBearerTokens(json: string): readonly BearerToken[] {
  const entries = parse(json);
  if (!Array.isArray(entries)) throw new Error("must be a JSON array");
  return entries.map((entry: unknown, index) => {
    const token = bearerToken(entry);
    if (!token) throw new Error(`entry ${index} must be { sha256, kind, subject, permissions }`);
    return token;
  });
}

function bearerToken(entry: unknown): BearerToken | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { sha256, kind, subject, permissions } = entry as Readonly<Record<string, unknown>>;
  if (typeof sha256 !== "string" || !/^[0-9a-fA-F]{64}$/.test(sha256)) return undefined;
  if (typeof subject !== "string" || subject === "" || !isTexts(permissions)) return undefined;
  const held = new Set(permissions);
  const digest = Buffer.from(sha256, "hex");
  if (kind === "service")
    return { sha256: digest, principal: { kind, service: subject, permissions: held } };
  if (kind === "administrator")
    return { sha256: digest, principal: { kind, subject, permissions: held } };
  return undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string" && one !== "");
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error("must be JSON"); // the parser's own message quotes the text
  }
}
