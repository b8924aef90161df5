import type { Pool } from "../domain/pool.ts";
import type { BarredList } from "./barred-installations.ts";

/** How far the entitlements have been followed, in Postgres. */
export interface FeedStore {
  position(): Promise<bigint>;
  /** Never goes back. */
  advance(position: bigint): Promise<void>;
  /** The trust bundle kept last, as signed. */
  trustBundle(): Promise<string | undefined>;
  /** Keeps it unless one of a later version is kept already. */
  keepTrustBundle(version: number, bundle: string): Promise<void>;
}

/** One step of activation's feed of entitlements. */
export interface FeedStep {
  readonly position: bigint;
  readonly change:
    | {
        readonly kind: "pool";
        readonly pool: Pool;
        /** Of the pool of a license. */
        readonly barred?: BarredList | undefined;
      }
    | { readonly kind: "trust-bundle"; readonly bundle: string }
    | { readonly kind: "none" };
}

/** The feed: every change after a position, then every change as it happens. */
export interface EntitlementFeed {
  watch(after: bigint, signal: AbortSignal): AsyncIterable<FeedStep>;
}
