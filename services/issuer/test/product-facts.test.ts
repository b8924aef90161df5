import { issuer, type PartialMessage } from "@leasehold/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CatalogueClient } from "./catalogue-under-test.ts";
import {
  createCustomer,
  createStudio,
  issueLicense,
  issuerUnderTest,
  type IssuerUnderTest,
  requestId,
} from "./issuer-under-test.ts";

const { SAME_MAJOR, SAME_MINOR } = issuer.VersionTolerance;

let under: IssuerUnderTest;
let catalogue: CatalogueClient;
let licenses: readonly string[];

beforeEach(async () => {
  under = await issuerUnderTest();
  catalogue = under.of(issuer.CatalogueServiceDefinition, "admin");
  await createStudio(under.admin);
  const { name } = await createCustomer(under.admin);
  const [one, two] = [await issueLicense(under.admin, name), await issueLicense(under.admin, name)];
  licenses = [one.name, two.name];
});
afterEach(() => under[Symbol.asyncDispose]());

/** Every step of the feed after a point, up to where it stands. */
async function steps(after: bigint): Promise<readonly issuer.WatchLicensesResponse[]> {
  const read: issuer.WatchLicensesResponse[] = [];
  for await (const step of under.activation.watchLicenses({ afterFeedRevision: after })) {
    read.push(step);
    if (step.license === undefined) return read;
  }
  return expect.unreachable("the stream ended");
}

async function update(
  updateMask: string[],
  product: PartialMessage<issuer.Product>,
  name = "products/studio",
): Promise<void> {
  await catalogue.updateProduct({ requestId: requestId(), name, updateMask, product });
}

test("each license comes with what its product tells", async () => {
  const told = { revision: 1n, versionPolicy: { tolerance: issuer.VersionTolerance.ANY } };
  expect(await steps(0n)).toMatchObject([
    { license: { name: licenses[0] }, productFacts: told },
    { license: { name: licenses[1] }, productFacts: told },
    { feedRevision: 2n, productFacts: undefined },
  ]);
});

test("when the product's version policy changes, its licenses come again, as they were", async () => {
  const versionPolicy = { supported: { oldest: "4", newest: "" }, tolerance: SAME_MAJOR };
  await update(["version_policy"], { versionPolicy });
  const productFacts = { revision: 2n, versionPolicy };
  expect(await steps(2n)).toMatchObject([
    { feedRevision: 3n, license: { name: licenses[0], revision: 1n }, productFacts },
    { feedRevision: 4n, license: { name: licenses[1], revision: 1n }, productFacts },
    { feedRevision: 4n },
  ]);
});

test("what does not concern them brings no license again", async () => {
  await update(["display_name"], { displayName: "Atelier" });
  await update(["version_policy"], { versionPolicy: {} });
  expect(await steps(2n)).toEqual([{ feedRevision: 2n }]);
});

test("licenses of other products do not come again, nor does the feed of a product without any move", async () => {
  const created = { displayName: "Other", features: [{ code: "one", displayName: "One" }] };
  await under.admin.createProduct({ requestId: requestId(), productId: "other", product: created });
  const versionPolicy = { tolerance: SAME_MINOR };
  await update(["version_policy"], { versionPolicy }, "products/other");
  expect(await steps(2n)).toEqual([{ feedRevision: 2n }]);
});
