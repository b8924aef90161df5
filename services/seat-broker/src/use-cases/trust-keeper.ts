import { type TrustBundle, verifyTrustBundle } from "@leasehold/license-format";
import type { BrokerEvents } from "./ports.ts";
import type { FeedStore } from "./feed-ports.ts";

/** The keys that certificates are verified with: the newest bundle that the pinned root signed. */
export interface TrustKeeper {
  /** `undefined` until one was ever received. */
  current(): TrustBundle | undefined;
  /** Takes over what was kept before the process started. */
  recall(): Promise<void>;
  /** Takes a bundle in, if the root signed it and none newer is known. */
  accept(bundle: string): Promise<void>;
}

/** @param root public key of the root, 32 bytes */
export function trustKeeper(
  ports: { readonly feed: FeedStore; readonly events: BrokerEvents },
  root: Uint8Array,
): TrustKeeper {
  let current: TrustBundle | undefined;

  async function take(bundle: string): Promise<TrustBundle | undefined> {
    const verified = await verifyTrustBundle(bundle, root, current?.version);
    if (verified.kind === "refused") {
      ports.events.trustBundleRefused(verified.fault);
      return undefined;
    }
    // The same version again is the same keys: who verified against them need not do so again.
    if (verified.claims.version !== current?.version) current = verified.claims;
    return current;
  }

  return {
    current: () => current,
    recall: async () => {
      const bundle = await ports.feed.trustBundle();
      if (bundle !== undefined) await take(bundle);
    },
    accept: async (bundle) => {
      const known = current;
      const trust = await take(bundle);
      if (!trust || trust === known) return;
      await ports.feed.keepTrustBundle(trust.version, bundle);
      ports.events.trustBundleAccepted(trust.version);
    },
  };
}
