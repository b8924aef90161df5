import { parseProductKey, sameLicensee } from "@leasehold/license-format";
import type { Licensee, ProductKey } from "@leasehold/license-format";
import { usability } from "../domain/license.ts";
import type { License } from "../domain/license.ts";
import type { Product } from "../domain/product.ts";
import { licenseUnusable } from "../domain/license-problems.ts";
import { keyMac } from "../domain/product-key.ts";
import { licenseName, productName } from "../domain/resource-names.ts";
import { keyGenerationRetired, keyMistyped, unlockRefused } from "../domain/unlock-problems.ts";
import type { RefusalCause } from "./issuer-event.ts";
import { listKeyGenerations } from "./key-generations.ts";
import type { IssuerPorts } from "./ports.ts";
import type { FoundByKey, KeyMaking } from "./product-key-ports.ts";

/** What somebody typed to unlock a product. */
export interface VerifyProductKey {
  readonly typedKey: string;
  readonly licensee: Licensee;
  readonly productId: string;
  /** What whoever is refused will be told; empty: nothing. */
  readonly supportReference: string;
}

/** A license that a key unlocks, and its product. */
export interface UnlockedLicense {
  readonly license: License;
  readonly product: Product;
}

/** What verifying works with. */
export type VerifyingPorts = Pick<IssuerPorts, "store" | "clock" | "report"> &
  Pick<KeyMaking, "pepper" | "peppers" | "keyGenerations">;

/** Stands in for the license of an unknown key, so that refusing it takes the same steps. */
const NOBODY: Licensee = { name: "-", organization: "-" };

/**
 * The license that a product key unlocks for this licensee: active, begun and not over. Why one is
 * refused is reported, under the reference that whoever asks will tell; the answer does not tell it.
 * @throws Problem `KEY_CHECK` or `KEY_GENERATION_RETIRED` before the key is looked up;
 *   `UNLOCK_REFUSED` if key, licensee and product do not belong together or the license is
 *   revoked; `LICENSE_SUSPENDED`, `LICENSE_NOT_STARTED`, `LICENSE_EXPIRED` to who has
 *   proven to know the key
 */
export async function verifyProductKey(
  ports: VerifyingPorts,
  command: VerifyProductKey,
): Promise<UnlockedLicense> {
  const { store, clock, peppers } = ports;
  const key = await readKey(ports, command);
  const macs = peppers.map((pepper) => keyMac(pepper, key.data));
  const found = await store.findLicenseByKey(macs, key.text.charAt(0));
  const product = await store.findProduct(command.productId);
  const cause = refusalCause(found, command, clock.now());
  if (!found || !product || cause !== undefined) {
    reportRefusal(ports, command, found, cause ?? "wrong-product");
    throw unlockRefused();
  }
  const { license } = found;
  const use = usability(license, clock.now());
  if (use !== "usable") throw licenseUnusable(license, use);
  await moveToNewestPepper(ports, found, key);
  return { license, product };
}

/** Everything is compared, whatever is wrong, so that refusing takes the same steps. */
function refusalCause(
  found: FoundByKey | undefined,
  command: VerifyProductKey,
  now: number,
): RefusalCause | undefined {
  const license = found?.license;
  const rightLicensee = sameLicensee(license?.licensee ?? NOBODY, command.licensee);
  const rightProduct = license?.productId === command.productId;
  if (!found || !license) return "unknown-key";
  if (found.keyState === "REVOKED") return "revoked-key";
  if (!rightProduct) return "wrong-product";
  if (!rightLicensee) return "wrong-licensee";
  return usability(license, now) === "revoked" ? "revoked-license" : undefined;
}

function reportRefusal(
  { report }: VerifyingPorts,
  { supportReference, productId }: VerifyProductKey,
  found: FoundByKey | undefined,
  cause: RefusalCause,
): void {
  report({
    kind: "key-refused",
    cause,
    product: productName(productId),
    ...(supportReference !== "" && { reference: supportReference }),
    ...(found && { license: licenseName(found.license) }),
  });
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
