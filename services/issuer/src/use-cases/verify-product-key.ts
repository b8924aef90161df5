import { parseProductKey } from "@leasehold/license-format";
import type { ProductKey } from "@leasehold/license-format";
import { usability } from "../domain/license.ts";
import type { License } from "../domain/license.ts";
import { licenseUnusable } from "../domain/license-problems.ts";
import { sameLicensee } from "../domain/licensee.ts";
import type { Licensee } from "../domain/licensee.ts";
import { keyMac } from "../domain/product-key.ts";
import type { Pepper } from "../domain/product-key.ts";
import { keyGenerationRetired, keyMistyped, unlockRefused } from "../domain/unlock-problems.ts";
import type { IssuerPorts } from "./ports.ts";

/** What somebody typed to unlock a product. */
export interface VerifyProductKey {
  readonly typedKey: string;
  readonly licensee: Licensee;
  readonly productId: string;
}

/** Stands in for the license of an unknown key, so that refusing it takes the same steps. */
const NOBODY: Licensee = { name: "-", organization: "-" };

/**
 * The license that a product key unlocks for this licensee: active, begun and not over.
 * @throws Problem `KEY_CHECK` or `KEY_GENERATION_RETIRED` before the key is looked up;
 *   `UNLOCK_REFUSED` if key, licensee and product do not belong together or the license is
 *   revoked; `LICENSE_SUSPENDED`, `LICENSE_NOT_STARTED`, `LICENSE_EXPIRED` to who has
 *   proven to know the key
 */
export async function verifyProductKey(
  {
    store,
    clock,
    peppers,
  }: Pick<IssuerPorts, "store" | "clock"> & { readonly peppers: readonly Pepper[] },
  command: VerifyProductKey,
): Promise<License> {
  const key = await readKey(store, command);
  const license = await store.findLicenseByKey(peppers.map((pepper) => keyMac(pepper, key.data)));
  const rightLicensee = sameLicensee(license?.licensee ?? NOBODY, command.licensee);
  const rightProduct = license?.productId === command.productId;
  if (!license || !rightLicensee || !rightProduct) throw unlockRefused();
  const use = usability(license, clock.now());
  if (use === "revoked") throw unlockRefused();
  if (use !== "usable") throw licenseUnusable(license, use);
  return license;
}

async function readKey(
  store: IssuerPorts["store"],
  command: VerifyProductKey,
): Promise<ProductKey> {
  const read = parseProductKey(command.typedKey);
  if (read.kind === "valid") return read.key;
  if (read.kind === "mistyped") throw keyMistyped();
  const product = await store.findProduct(command.productId);
  throw keyGenerationRetired(read.advice, product?.salesContact ?? "");
}
