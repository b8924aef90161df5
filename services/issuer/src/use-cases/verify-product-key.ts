import { parseProductKey, sameLicensee } from "@leasehold/license-format";
import type { Licensee, ProductKey } from "@leasehold/license-format";
import { usability } from "../domain/license.ts";
import type { License } from "../domain/license.ts";
import { licenseUnusable } from "../domain/license-problems.ts";
import { keyMac } from "../domain/product-key.ts";
import { keyGenerationRetired, keyMistyped, unlockRefused } from "../domain/unlock-problems.ts";
import { listKeyGenerations } from "./key-generations.ts";
import type { IssuerPorts } from "./ports.ts";
import type { FoundByKey, KeyMaking } from "./product-key-ports.ts";

/** What somebody typed to unlock a product. */
export interface VerifyProductKey {
  readonly typedKey: string;
  readonly licensee: Licensee;
  readonly productId: string;
}

/** What verifying works with. */
export type VerifyingPorts = Pick<IssuerPorts, "store" | "clock"> &
  Pick<KeyMaking, "pepper" | "peppers" | "keyGenerations">;

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
  ports: VerifyingPorts,
  command: VerifyProductKey,
): Promise<License> {
  const { store, clock, peppers } = ports;
  const key = await readKey(ports, command);
  const macs = peppers.map((pepper) => keyMac(pepper, key.data));
  const found = await store.findLicenseByKey(macs, key.text.charAt(0));
  const license = found?.license;
  const rightLicensee = sameLicensee(license?.licensee ?? NOBODY, command.licensee);
  const rightProduct = license?.productId === command.productId;
  if (!found || !license || !rightLicensee || !rightProduct) throw unlockRefused();
  const use = usability(license, clock.now());
  if (use === "revoked") throw unlockRefused();
  if (use !== "usable") throw licenseUnusable(license, use);
  await moveToNewestPepper(ports, found, key);
  return license;
}

/** A key that is found under an earlier pepper is stored under the newest, so that the earlier one can go. */
async function moveToNewestPepper(
  { store, pepper }: VerifyingPorts,
  found: FoundByKey,
  key: ProductKey,
): Promise<void> {
  if (found.pepperVersion === pepper.version) return;
  await store.moveProductKey(found, keyMac(pepper, key.data));
}

async function readKey(ports: VerifyingPorts, command: VerifyProductKey): Promise<ProductKey> {
  const read = parseProductKey(command.typedKey, await listKeyGenerations(ports));
  if (read.kind === "valid") return read.key;
  if (read.kind === "mistyped") throw keyMistyped();
  const product = await ports.store.findProduct(command.productId);
  throw keyGenerationRetired(read.advice, product?.salesContact ?? "");
}
