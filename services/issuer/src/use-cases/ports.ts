import type { Clock, RandomBytes, Uuid } from "@leasehold/kernel";
import type { Customer } from "../domain/customer.ts";
import type { License, LicenseAction, LicenseRef } from "../domain/license.ts";
import type { Product } from "../domain/product.ts";
import type { KeyMac, StoredProductKey } from "../domain/product-key.ts";
import type { IssuerEvent } from "./issuer-event.ts";

/** A call that changes something, as far as repeating it goes. */
export interface Mutation {
  readonly requestId: Uuid;
  /** For example `IssueLicense`. */
  readonly method: string;
  /** The request as it came; the same id with another body is refused. */
  readonly body: Uint8Array;
  /** Who calls; goes into the history. */
  readonly subject: string;
}

/** What came of a mutation: carried out now, or found carried out before. */
export interface Once<Result> {
  readonly kind: "done" | "repeated";
  readonly result: Result;
}

/** How a revision of a license came about, for its history. */
export interface RevisionOrigin {
  readonly subject: string;
  readonly action: LicenseAction;
}

/** What the store offers inside one transaction. */
export interface IssuerWrites {
  findCustomer(id: Uuid): Promise<Customer | undefined>;
  findProduct(id: string): Promise<Product | undefined>;
  /** @returns whether it was inserted; not if its reference id is taken. */
  insertCustomer(customer: Customer): Promise<boolean>;
  /** @returns whether it was inserted; not if its id is taken. */
  insertProduct(product: Product): Promise<boolean>;
  /** The license as it is, not to be changed by others until the transaction ends. */
  lockLicense(ref: LicenseRef): Promise<License | undefined>;
  /** Writes a license's first revision, with its history and its place in the feed. */
  insertLicense(license: License, origin: RevisionOrigin): Promise<void>;
  /** Writes the next revision of a locked license, likewise. */
  updateLicense(license: License, origin: RevisionOrigin): Promise<void>;
  insertProductKey(key: StoredProductKey, mac: KeyMac): Promise<void>;
}

/** One license of the feed. */
export interface FeedEntry {
  readonly feedRevision: bigint;
  readonly license: License;
}

/** Part of the feed, all of one instant. */
export interface FeedPage {
  /** Where the feed stood at that instant. */
  readonly head: bigint;
  /** In the order of their feed revisions. */
  readonly entries: readonly FeedEntry[];
}

/** What is kept of customers, products, licenses and product keys. */
export interface IssuerStore {
  /**
   * Carries a mutation out in one transaction, together with its result, unless it was
   * carried out before. The result is plain data (bigint included) and is kept for 72
   * hours: no secret may be in it.
   * @throws Problem `REQUEST_ID_REUSED`, `REQUEST_IN_FLIGHT`, or what `work` throws, upon
   *   which nothing is written
   */
  once<Result>(
    mutation: Mutation,
    work: (writes: IssuerWrites) => Promise<Result>,
  ): Promise<Once<Result>>;
  findCustomer(id: Uuid): Promise<Customer | undefined>;
  findProduct(id: string): Promise<Product | undefined>;
  findLicense(ref: LicenseRef): Promise<License | undefined>;
  /** The license of the key that has one of these MACs. */
  findLicenseByKey(macs: readonly KeyMac[]): Promise<License | undefined>;
  /** The licenses whose last change comes after a point of the feed; at most `limit`, the oldest changes first. */
  readFeed(after: bigint, limit: number): Promise<FeedPage>;
}

/** Tells one watcher when to look at the feed again. */
export interface FeedWatch extends Disposable {
  /** Resolves when the feed may have grown since the last call, at the latest after a poll interval, or when the signal fires. */
  next(signal: AbortSignal): Promise<void>;
}

/** What most use-cases work with. */
export interface IssuerPorts {
  readonly store: IssuerStore;
  readonly clock: Pick<Clock, "now">;
  readonly random: RandomBytes;
  readonly report: (event: IssuerEvent) => void;
}
