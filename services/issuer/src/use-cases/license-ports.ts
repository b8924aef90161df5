import type { Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import type { Customer } from "../domain/customer.ts";
import type { License, LicenseAction, LicenseRef } from "../domain/license.ts";
import type { LicenseField, RevisionField } from "../domain/license-list.ts";
import type { Product } from "../domain/product.ts";
import type { LicenseRevision } from "../domain/license-revision.ts";
import type { Mutation } from "./mutation.ts";

/** How a revision of a license came about, for its history. */
export interface RevisionOrigin extends Pick<Mutation, "subject" | "why"> {
  readonly action: LicenseAction;
}

/** The origin of a revision that a mutation makes. */
export function originOf({ subject, why }: Mutation, action: LicenseAction): RevisionOrigin {
  return { subject, why, action };
}

/** One license of the feed. */
export interface FeedEntry {
  readonly feedRevision: bigint;
  readonly license: License;
  /** What its product tells whoever works under it. */
  readonly product: Pick<Product, "revision" | "versionPolicy">;
  /** Whose it is, as far as that bears on the license. */
  readonly customer: Pick<Customer, "revision" | "limits">;
}

/** Part of the feed, all of one instant. */
export interface FeedPage {
  /** Where the feed stood at that instant. */
  readonly head: bigint;
  /** In the order of their feed revisions. */
  readonly entries: readonly FeedEntry[];
}

/** What is read of licenses. */
export interface LicenseReads {
  findLicense(ref: LicenseRef): Promise<License | undefined>;
  /** @param customerId absent for the licenses of all customers */
  listLicenses(
    customerId: Uuid | undefined,
    query: ListQuery<LicenseField>,
  ): Promise<Page<License>>;
  /** One revision of a license, or the current one. */
  findRevision(ref: LicenseRef, revision: bigint | "current"): Promise<LicenseRevision | undefined>;
  listRevisions(ref: LicenseRef, query: ListQuery<RevisionField>): Promise<Page<LicenseRevision>>;
  /** The licenses whose last change comes after a point of the feed; at most `limit`, the oldest changes first. */
  readFeed(after: bigint, limit: number): Promise<FeedPage>;
}

/** What a mutation may do to licenses. */
export interface LicenseWrites {
  /** The license as it is, not to be changed by others until the transaction ends. */
  lockLicense(ref: LicenseRef): Promise<License | undefined>;
  /** Writes a license's first revision, with its history and its place in the feed. */
  insertLicense(license: License, origin: RevisionOrigin): Promise<void>;
  /** Writes the next revision of a locked license, likewise. */
  updateLicense(license: License, origin: RevisionOrigin): Promise<void>;
}

/** Tells one watcher when to look at the feed again. */
export interface FeedWatch extends Disposable {
  /** Resolves when the feed may have grown since the last call, at the latest after a poll interval, or when the signal fires. */
  next(signal: AbortSignal): Promise<void>;
}
