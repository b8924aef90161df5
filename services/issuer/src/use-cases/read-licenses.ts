import type { Uuid } from "@leasehold/kernel";
import type { ListQuery, Page } from "@leasehold/list-query";
import { type Caller, mayRead } from "../domain/caller.ts";
import { customerNotFound } from "../domain/catalogue-problems.ts";
import { licenseDifferences, type FieldDifference } from "../domain/license-difference.ts";
import type { License, LicenseRef } from "../domain/license.ts";
import type { LicenseField, RevisionField } from "../domain/license-list.ts";
import { licenseNotFound, revisionNotFound } from "../domain/license-problems.ts";
import type { LicenseRevision } from "../domain/license-revision.ts";
import type { IssuerPorts } from "./ports.ts";

type Store = Pick<IssuerPorts, "store">;

/**
 * A page of the licenses of a customer, or of all.
 * @throws Problem `NOT_FOUND` for the customer, also to accounts that do not act for it, or ask for all
 */
export async function listLicenses(
  { store }: Store,
  caller: Caller,
  customerId: Uuid | undefined,
  query: ListQuery<LicenseField>,
): Promise<Page<License>> {
  if (customerId === undefined && caller.kind !== "vendor") throw customerNotFound();
  if (customerId !== undefined) {
    mayRead(caller, customerId, customerNotFound);
    if (!(await store.findCustomer(customerId))) throw customerNotFound();
  }
  return store.listLicenses(customerId, query);
}

/** A page of what a license has been. @throws Problem `NOT_FOUND` */
export async function listLicenseRevisions(
  { store }: Store,
  ref: LicenseRef,
  query: ListQuery<RevisionField>,
): Promise<Page<LicenseRevision>> {
  if (!(await store.findLicense(ref))) throw licenseNotFound();
  return store.listRevisions(ref, query);
}

/** Which revisions to compare: absent, the one before `to`, and the current one. */
export interface CompareRevisions {
  readonly license: LicenseRef;
  readonly from?: bigint | undefined;
  readonly to?: bigint | undefined;
}

/** Two revisions of a license, and what is different. */
export interface ComparedRevisions {
  readonly from: LicenseRevision;
  readonly to: LicenseRevision;
  readonly differences: readonly FieldDifference[];
}

/** Compares two revisions of a license; the first one with itself. @throws Problem `NOT_FOUND` */
export async function compareRevisions(
  { store }: Store,
  { license, from, to }: CompareRevisions,
): Promise<ComparedRevisions> {
  const later = await store.findRevision(license, to ?? "current");
  if (!later) throw to === undefined ? licenseNotFound() : revisionNotFound();
  const { revision } = later.license;
  const earlier = await store.findRevision(license, from ?? (revision > 1n ? revision - 1n : 1n));
  if (!earlier) throw revisionNotFound();
  const differences = licenseDifferences(earlier.license, later.license);
  return { from: earlier, to: later, differences };
}
