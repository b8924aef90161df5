import type { issuer } from "@leasehold/contracts";
import { systemRandom } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  type IssuerUnderTest,
  issuerUnderTest,
  LICENSEE,
  requestId,
} from "./issuer-under-test.ts";
import { keyedLicense, productKeys } from "./keyed-license.ts";
import { refusal, refusedFields } from "./refusal.ts";

let under: IssuerUnderTest;
let parent: string;
beforeAll(async () => {
  under = await issuerUnderTest();
  parent = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
});
afterAll(() => under[Symbol.asyncDispose]());

/** What the log tells of a refusal under a reference. */
async function causeOf(
  supportReference: string,
  request: Partial<issuer.VerifyProductKeyRequest>,
): Promise<unknown> {
  const asked = { licensee: LICENSEE, product: "products/studio", ...request, supportReference };
  const problem = await refusal(under.activation.verifyProductKey(asked));
  expect(problem).toMatchObject({ reason: "UNLOCK_REFUSED", metadata: {} });
  const lines = under.logged.filter(({ facts }) => facts["reference"] === supportReference);
  expect(lines).toHaveLength(1);
  const { message, facts } = lines[0]!;
  expect(message).toBe("product key refused");
  return facts;
}

test("the log tells the true cause under the reference that whoever is refused is told", async () => {
  const { license, secret } = await keyedLicense(under, parent);
  const revokedKey = await keyedLicense(under, parent);
  await productKeys(under).revokeProductKey({
    requestId: requestId(),
    name: revokedKey.key.name,
  });
  const revoked = await keyedLicense(under, parent);
  await under.admin.revokeLicense({ requestId: requestId(), name: revoked.license });
  const told = { event: "key-refused", product: "products/studio" };

  const unknown = { productKey: newProductKey(systemRandom).text };
  expect(await causeOf("A-1", unknown)).toEqual({
    ...told,
    cause: "unknown-key",
    reference: "A-1",
  });
  const foreign = { productKey: secret, licensee: { ...LICENSEE, name: "Eve" } };
  expect(await causeOf("A-2", foreign)).toMatchObject({
    ...told,
    cause: "wrong-licensee",
    license,
  });
  const other = { productKey: secret, product: "products/other" };
  expect(await causeOf("A-3", other)).toMatchObject({ cause: "wrong-product", license });
  expect(await causeOf("A-4", { productKey: revokedKey.secret })).toMatchObject({
    cause: "revoked-key",
    license: revokedKey.license,
  });
  expect(await causeOf("A-5", { productKey: revoked.secret })).toMatchObject({
    cause: "revoked-license",
    license: revoked.license,
  });
});

test("what the log tells has neither key nor names of people", async () => {
  const { secret } = await keyedLicense(under, parent);
  await causeOf("B-1", { productKey: secret, licensee: { ...LICENSEE, name: "Eve Canary" } });
  const log = JSON.stringify(under.logged);
  for (const trace of [secret, secret.replaceAll("-", ""), "Canary", LICENSEE.name])
    expect(log).not.toContain(trace);
});

test.each(["a", "A 1", "Ä", "A".repeat(33), "A\n1"])(
  "%j is no reference, so that nobody writes into the log",
  async (supportReference) => {
    const productKey = newProductKey(systemRandom).text;
    const request = { productKey, licensee: LICENSEE, product: "products/studio" };
    const call = under.activation.verifyProductKey({ ...request, supportReference });
    expect(await refusedFields(call)).toEqual(["support_reference"]);
  },
);
