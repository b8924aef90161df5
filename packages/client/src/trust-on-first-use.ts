import { thumbprint } from "@leasehold/license-format";

/**
 * The root key that a trust bundle brings along: the one that it says it is signed with.
 * Taking it on trust is for the first unlocking only, and for those who were not given the
 * root key on another way; the bundle is verified with it afterwards.
 * @param trust a `trust+jwt`
 * @returns 32 bytes, or `undefined` if the bundle does not bring it
 */
export function trustRootIn(trust: string): Uint8Array | undefined {
  const [header, payload] = trust.split(".", 2).map(readJson);
  if (!isObject(header) || !isObject(payload) || !Array.isArray(payload["keys"])) return undefined;
  for (const key of payload["keys"] as unknown[]) {
    if (!isObject(key) || key["purpose"] !== "trust" || typeof key["x"] !== "string") continue;
    const publicKey = new Uint8Array(Buffer.from(key["x"], "base64url"));
    if (publicKey.length === 32 && thumbprint(publicKey) === header["kid"]) return publicKey;
  }
  return undefined;
}

function readJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
