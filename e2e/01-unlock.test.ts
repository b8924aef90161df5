import { join } from "node:path";
import {
  hasFeature,
  openInstallation,
  Problem,
  unlock,
  type UnlockOptions,
} from "@leasehold/client";
import { newProductKey } from "@leasehold/license-format";
import { systemRandom } from "@leasehold/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LICENSEE, type Sale, type Sold } from "./desk/licensing-desk.ts";
import { trustRootOf } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  seats: 3,
  features: ["dataflow", "workflow"],
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
};

let story: Story;
let sold: Sold;

beforeAll(async () => {
  story = await openStory();
  sold = await story.desk.sell(SALE);
}, 120_000);

afterAll(() => story[Symbol.asyncDispose]());

/** Tries to unlock, right in every respect but these. */
async function attempt(changes: Partial<UnlockOptions>): Promise<Problem | undefined> {
  try {
    await unlock({
      activation: story.cluster.addresses.activation,
      product: sold.license.product,
      licenseeName: LICENSEE.name,
      licenseeOrganization: LICENSEE.organization,
      productKey: sold.productKey,
      directory: join(story.folder, "attempts"),
      trustRoot: trustRootOf(story.cluster),
      authorities: story.cluster.authorities,
      ...changes,
    });
    return undefined;
  } catch (failure) {
    if (failure instanceof Problem) return failure;
    throw failure;
  }
}

test("name, organization and key unlock the license, and what was bought is enabled", async () => {
  const { installation, directory } = await story.unlock(sold, "mill");
  expect(installation).toMatchObject({
    deployment: story.cluster.deployment,
    product: sold.license.product,
    licensee: LICENSEE,
    license: { license: sold.license.name, revision: 1n, state: "active", seats: 3 },
  });
  const opened = await openInstallation(directory, { product: sold.license.product });
  const license = opened.kind === "unlocked" ? opened.installation.license : undefined;
  const has = (feature: string) => hasFeature(license!, feature, Date.now());
  expect(["dataflow", "workflow", "reporting"].map(has)).toEqual([true, true, false]);
});

test("the one key unlocks any number of machines, and each is the same when unlocked again", async () => {
  const first = await story.unlock(sold, "store");
  const again = await story.unlock(sold, "store");
  const other = await story.unlock(sold, "barrel");
  expect(again.installation.name).toBe(first.installation.name);
  expect(other.installation.name).not.toBe(first.installation.name);
});

test("letter case and spacing of what is typed do not matter", async () => {
  const problem = await attempt({
    licenseeName: "  ada   LOVELACE ",
    licenseeOrganization: "ANALYTICAL engines ltd",
    productKey: sold.productKey.toLowerCase().replaceAll("-", " "),
  });
  expect(problem).toBeUndefined();
});

test("keys that cannot be right are told before anything is sent", async () => {
  const nowhere = "127.0.0.1:9";
  const slip = sold.productKey.slice(0, -1) + (sold.productKey.endsWith("0") ? "1" : "0");
  const mistyped = await attempt({ activation: nowhere, productKey: slip });
  expect(mistyped?.reason).toBe("KEY_CHECK");
  const retired = await attempt({ activation: nowhere, productKey: "LH1-ABCD-EFGH-JKMN" });
  expect(retired?.reason).toBe("KEY_GENERATION_RETIRED");
  expect(retired?.metadata["advice"]).toMatch(/.+/);
});

test("whatever of name, organization, product and key is wrong, the answer is the same", async () => {
  const answers = await Promise.all(
    [
      { licenseeName: "Charles Babbage" },
      { licenseeOrganization: "Difference Engines Ltd" },
      { product: "products/other" },
      { productKey: newProductKey(systemRandom).text },
    ].map(attempt),
  );
  for (const answer of answers) expect(answer?.reason).toBe("UNLOCK_REFUSED");
  expect(new Set(answers.map((answer) => answer?.message)).size).toBe(1);
});

test("a suspended license does not unlock until it is resumed, a revoked one never again", async () => {
  const other = await story.desk.sell(SALE);
  const { productKey, license } = other;
  const tryOther = () =>
    attempt({ productKey, product: license.product, directory: join(story.folder, "other") });
  await story.desk.suspend(license.name);
  expect((await tryOther())?.reason).toBe("LICENSE_SUSPENDED");
  await story.desk.resume(license.name);
  expect(await tryOther()).toBeUndefined();
  await story.desk.revoke(license.name);
  expect((await tryOther())?.reason).toBe("UNLOCK_REFUSED");
});

test("a cluster that does not have the pinned root is not believed", async () => {
  const problem = await attempt({ trustRoot: new Uint8Array(32).fill(9) });
  expect(problem?.metadata["fault"]).toBe("unknown-key");
});
