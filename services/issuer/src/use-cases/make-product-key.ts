import { newUuid } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { sealProductKey } from "../domain/kept-product-key.ts";
import type { LicenseRef } from "../domain/license.ts";
import { licenseNotFound, licenseStateConflict } from "../domain/license-problems.ts";
import { keyMac } from "../domain/product-key.ts";
import type { IssuerPorts, IssuerWrites } from "./ports.ts";
import type { KeyMaking, MadeProductKey } from "./product-key-ports.ts";

/** What making product keys takes. */
export type MakingPorts = Pick<IssuerPorts, "clock" | "random"> & KeyMaking;

/**
 * Makes a product key of a license, of the current generation; it is stored by nobody yet.
 * @param now when it is made: milliseconds since 1970
 */
export function makeProductKey(
  { clock, random, pepper, keyGenerations, keepingKeys: [keepingKey] }: MakingPorts,
  license: LicenseRef,
  now: number,
): MadeProductKey {
  const { text, data } = newProductKey(random, keyGenerations);
  const id = newUuid(clock, random);
  const hint = text.slice(0, 5);
  return {
    productKey: { id, license, hint, createTime: now, state: "ACTIVE" },
    secret: text,
    mac: keyMac(pepper, data),
    ...(keepingKey && { sealed: sealProductKey(keepingKey, id, text, random) }),
  };
}

/**
 * Locks a license that may get product keys.
 * @throws Problem `NOT_FOUND`, `LICENSE_STATE_CONFLICT` if it is revoked
 */
export async function lockLicenseForKeys(
  writes: Pick<IssuerWrites, "lockLicense">,
  ref: LicenseRef,
): Promise<void> {
  const license = await writes.lockLicense(ref);
  if (!license) throw licenseNotFound();
  if (license.state === "REVOKED") throw licenseStateConflict(license.state);
}
