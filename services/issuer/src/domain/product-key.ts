import { createHash, createHmac } from "node:crypto";
import type { Uuid } from "@leasehold/kernel";
import type { LicenseRef } from "./license.ts";

/** Whether a product key unlocks its license. */
export type ProductKeyState = "ACTIVE" | "REVOKED";

/** Which product key is meant. A key of another license's is no key. */
export interface ProductKeyRef {
  readonly id: Uuid;
  readonly license: LicenseRef;
}

/** What is known of a product key: everything but the key. */
export interface StoredProductKey extends ProductKeyRef {
  /** The key's first group, to tell keys apart; its first symbol is the key's generation. */
  readonly hint: string;
  /** Milliseconds since 1970. */
  readonly createTime: number;
  readonly state: ProductKeyState;
  /** The key of the same license that was made in its place. */
  readonly replacedBy?: Uuid;
}

/** The secret under which product keys are stored. */
export interface Pepper {
  /** Follows from the pepper, so that it needs no book-keeping and cannot be mixed up. */
  readonly version: string;
  readonly secret: Uint8Array;
}

/** What stands for a product key in the store. */
export interface KeyMac {
  readonly pepperVersion: string;
  readonly mac: Uint8Array;
}

const MAC_LABEL = "leasehold/key/v1\0";
const VERSION_LABEL = "leasehold/pepper/v1\0";

/** A pepper of 32 secret bytes. */
export function pepper(secret: Uint8Array): Pepper {
  const version = createHash("sha256").update(VERSION_LABEL).update(secret).digest("hex");
  return { version: version.slice(0, 16), secret };
}

/**
 * HMAC-SHA-256 over a product key.
 * @param data the key's 20 data symbols, canonical
 */
export function keyMac({ version, secret }: Pepper, data: string): KeyMac {
  const mac = createHmac("sha256", secret).update(MAC_LABEL).update(data).digest();
  return { pepperVersion: version, mac };
}
