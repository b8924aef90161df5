import { issuer } from "@leasehold/contracts";
import type { Client } from "@leasehold/rpc-client";
import type { Caller, IssuerUnderTest } from "./issuer-under-test.ts";
import { issueLicense, LICENSEE, requestId } from "./issuer-under-test.ts";

export type ProductKeyClient = Client<typeof issuer.ProductKeyServiceDefinition>;

/** A license with a product key of its own. */
export interface KeyedLicense {
  readonly license: string;
  readonly key: issuer.ProductKey;
  readonly secret: string;
}

export function productKeys(
  under: IssuerUnderTest,
  caller: Caller | undefined = "admin",
): ProductKeyClient {
  return under.of(issuer.ProductKeyServiceDefinition, caller);
}

/** Issues a license to a customer, and makes a key of it. */
export async function keyedLicense(
  { admin }: IssuerUnderTest,
  parent: string,
): Promise<KeyedLicense> {
  const { name } = await issueLicense(admin, parent);
  const made = await admin.createProductKey({ requestId: requestId(), parent: name });
  return { license: name, key: made.productKey!, secret: made.secret };
}

/** The name of the license that a key unlocks for the licensee of the tests. */
export async function unlockedBy(under: IssuerUnderTest, productKey: string): Promise<string> {
  const request = { productKey, licensee: LICENSEE, product: "products/studio" };
  return (await under.activation.verifyProductKey(request)).license!.name;
}
