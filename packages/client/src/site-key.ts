import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { parseProductKey } from "@leasehold/license-format";
import { readIfThere, replaceFile } from "./durable-file.ts";

const FILE = "site-key";
const SALT_BYTES = 32;

/**
 * Remembers which product key a license server's installation was unlocked with, so that the
 * server can let client computers in by the same key. What is kept is a salted digest: the key's
 * 100 random bits cannot be guessed from it.
 * @throws RangeError if it is no product key
 */
export async function keepSiteKey(directory: string, productKey: string): Promise<void> {
  const salt = randomBytes(SALT_BYTES);
  const digest = digestOf(salt, productKey);
  if (!digest) throw new RangeError("this is no product key");
  const text = `${salt.toString("hex")}:${digest.toString("hex")}\n`;
  await replaceFile(join(directory, FILE), text, 0o600);
}

/** Whether the installation of a license server was unlocked with this product key. */
export async function isSiteKey(directory: string, productKey: string): Promise<boolean> {
  const text = (await readIfThere(join(directory, FILE)))?.trim() ?? "";
  const [, salt = "", kept = ""] = /^([0-9a-f]{64}):([0-9a-f]{64})$/.exec(text) ?? [];
  const digest = kept === "" ? undefined : digestOf(Buffer.from(salt, "hex"), productKey);
  return digest !== undefined && timingSafeEqual(digest, Buffer.from(kept, "hex"));
}

function digestOf(salt: Uint8Array, productKey: string): Buffer | undefined {
  const typed = parseProductKey(productKey);
  if (typed.kind !== "valid") return undefined;
  return createHmac("sha256", salt).update(`leasehold/site-key/v1\0${typed.key.text}`).digest();
}
