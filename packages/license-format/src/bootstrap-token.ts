import { crc32 } from "node:zlib";
import type { RandomBytes } from "@leasehold/kernel";

const PREFIX = "lh_boot_";
const SECRET_BYTES = 32;
const FORM = /^lh_boot_[A-Za-z0-9_-]{43}[0-9a-f]{8}$/;
const CHECK_LENGTH = 8;

/**
 * A new bootstrap token: what makes the first owner of a deployment. A prefix that scanners of
 * secrets find, 256 random bits, and a CRC-32 of all that, so that what looks like one is one.
 */
export function newBootstrapToken(random: RandomBytes): string {
  const secret = PREFIX + Buffer.from(random(SECRET_BYTES)).toString("base64url");
  return secret + checkOf(secret);
}

/** Whether a text is a bootstrap token, of whichever deployment. */
export function isBootstrapToken(text: string): boolean {
  return FORM.test(text) && checkOf(text.slice(0, -CHECK_LENGTH)) === text.slice(-CHECK_LENGTH);
}

function checkOf(secret: string): string {
  return crc32(secret).toString(16).padStart(CHECK_LENGTH, "0");
}
