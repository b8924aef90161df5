import {
  generateKeyPair,
  type SigningKey,
  signingKey,
  signTrustBundle,
} from "@leasehold/license-format";
import { expect, test, vi } from "vitest";
import type { BrokerEvents } from "./ports.ts";
import type { FeedStore } from "./feed-ports.ts";
import { trustKeeper } from "./trust-keeper.ts";

const root = signingKey("trust", (await generateKeyPair()).privateKey);
const strangeRoot = signingKey("trust", (await generateKeyPair()).privateKey);

function bundle(version: number, by: SigningKey = root): Promise<string> {
  return signTrustBundle(by, {
    deployment: "test.leasehold.local",
    version,
    keys: [],
    issuedAt: 1_900_000_000_000,
  });
}

function keeper(kept?: string) {
  const keepTrustBundle = vi.fn<FeedStore["keepTrustBundle"]>(() => Promise.resolve());
  const feed = {
    trustBundle: () => Promise.resolve(kept),
    keepTrustBundle,
  } as Partial<FeedStore> as FeedStore;
  const refused = vi.fn<BrokerEvents["trustBundleRefused"]>();
  const events = {
    trustBundleAccepted: () => undefined,
    trustBundleRefused: refused,
  } as Partial<BrokerEvents> as BrokerEvents;
  return { trust: trustKeeper({ feed, events }, root.publicKey), keepTrustBundle, refused };
}

test("a bundle that the root signed is trusted and kept", async () => {
  const { trust, keepTrustBundle } = keeper();
  expect(trust.current()).toBeUndefined();
  const signed = await bundle(1);
  await trust.accept(signed);
  expect(trust.current()?.version).toBe(1);
  expect(keepTrustBundle).toHaveBeenCalledExactlyOnceWith(1, signed);
});

test("what was kept is trusted after a restart, if the root signed it", async () => {
  const { trust } = keeper(await bundle(4));
  await trust.recall();
  expect(trust.current()?.version).toBe(4);
  const other = keeper(await bundle(4, strangeRoot));
  await other.trust.recall();
  expect(other.trust.current()).toBeUndefined();
});

test("neither an older bundle nor one of another root replaces the one in force", async () => {
  const { trust, refused, keepTrustBundle } = keeper();
  await trust.accept(await bundle(2));
  await trust.accept(await bundle(1));
  await trust.accept(await bundle(3, strangeRoot));
  await trust.accept("not-a-token");
  expect(trust.current()?.version).toBe(2);
  expect(refused).toHaveBeenCalledTimes(3);
  expect(keepTrustBundle).toHaveBeenCalledOnce();
});

test("the same version again changes nothing, so that what was verified stays so", async () => {
  const { trust } = keeper();
  await trust.accept(await bundle(2));
  const before = trust.current();
  await trust.accept(await bundle(2));
  expect(trust.current()).toBe(before);
});
