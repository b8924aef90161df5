import { first, listRows, one, run } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { License } from "../domain/license.ts";
import type { LicenseTerms } from "../domain/license-terms.ts";
import type {
  FeedEntry,
  LicenseReads,
  LicenseWrites,
  RevisionOrigin,
} from "../use-cases/license-ports.ts";
import { licenseFromRow, type LicenseRow, revisionFromRow } from "./license-rows.ts";
import * as statements from "./license-statements.ts";
import { encodePlainData } from "./plain-data.ts";

export function licenseReads(executor: Executor): LicenseReads {
  return {
    findLicense: async ({ id, customerId }) => {
      const row = await first(executor, statements.findLicense, [id, customerId]);
      return row && licenseFromRow(row);
    },
    listLicenses: async (customerId, query) => {
      const page = await listRows(executor, statements.listLicenses, query, [customerId ?? null]);
      return { items: page.items.map(licenseFromRow), next: page.next };
    },
    findRevision: async ({ id, customerId }, revision) => {
      const number = revision === "current" ? null : revision;
      const row = await first(executor, statements.findRevision, [id, customerId, number]);
      return row && revisionFromRow(row);
    },
    listRevisions: async ({ id, customerId }, query) => {
      const page = await listRows(executor, statements.listRevisions, query, [id, customerId]);
      return { items: page.items.map(revisionFromRow), next: page.next };
    },
    readFeed: async (after, limit) => {
      const rows = await run(executor, statements.readFeed, [after, limit]);
      const entries = rows.flatMap((row) => (row.feed_revision === null ? [] : [feedEntry(row)]));
      const head = rows[0]?.head;
      if (head === undefined) throw new Error("the feed has no head");
      return { head, entries };
    },
  };
}

function feedEntry(row: Extract<statements.FeedRow, LicenseRow>): FeedEntry {
  const { customer_revision: revision, customer_resources: resources } = row;
  return {
    feedRevision: row.feed_revision,
    license: licenseFromRow(row),
    product: { revision: row.product_revision, versionPolicy: row.version_policy },
    customer: { revision, limits: resources === null ? {} : { resources } },
  };
}

export function licenseWrites(tx: Executor): LicenseWrites {
  return {
    lockLicense: async ({ id, customerId }) => {
      if (!(await first(tx, statements.lockLicense, [id, customerId]))) return undefined;
      const row = await one(tx, statements.findLicense, [id, customerId]);
      return licenseFromRow(row);
    },
    insertLicense: (license, origin) => insertLicense(tx, license, origin),
    updateLicense: (license, origin) => updateLicense(tx, license, origin),
  };
}

async function insertLicense(
  tx: Executor,
  license: License,
  origin: RevisionOrigin,
): Promise<void> {
  const { licensee, terms } = license;
  await run(tx, statements.insertLicense, [
    license.id,
    license.customerId,
    license.productId,
    licensee.name,
    licensee.organization,
    license.state,
    terms.model,
    terms.trial,
    license.edition?.id ?? null,
    license.edition?.revision ?? null,
    license.transferredFrom?.id ?? null,
    new Date(license.createTime),
    ...termValues(terms),
  ]);
  await insertFeatures(tx, license);
  await publish(tx, license, origin);
}

async function updateLicense(
  tx: Executor,
  license: License,
  origin: RevisionOrigin,
): Promise<void> {
  await run(tx, statements.updateLicense, [
    license.id,
    license.revision,
    license.state,
    license.transferredTo?.id ?? null,
    new Date(license.updateTime),
    ...termValues(license.terms),
  ]);
  if (origin.action === "AMEND") {
    await run(tx, statements.deleteLicenseFeatures, [license.id]);
    await insertFeatures(tx, license);
  }
  await publish(tx, license, origin);
}

function termValues(terms: LicenseTerms): statements.TermValues {
  const { maintenanceEndTime, versions } = terms;
  return [
    terms.seats,
    new Date(terms.startTime),
    new Date(terms.endTime),
    maintenanceEndTime === undefined ? null : new Date(maintenanceEndTime),
    versions?.oldest ?? null,
    versions?.newest ?? null,
    terms.leaseTimes.validityMs,
    terms.leaseTimes.graceMs,
    terms.changePolicy,
    JSON.stringify(terms.seatPolicy),
    JSON.stringify(terms.installationPolicy),
    terms.resources ?? null,
  ];
}

async function insertFeatures(tx: Executor, { id, productId, terms }: License): Promise<void> {
  const codes = terms.features.map(({ feature }) => feature);
  const limits = terms.features.map(({ limit }) => limit?.toString() ?? null);
  const seats = terms.features.map((grant) => grant.seats ?? null);
  await run(tx, statements.insertLicenseFeatures, [id, productId, codes, limits, seats]);
}

/** The history first, the feed last: from the feed to the commit every other change waits. */
async function publish(tx: Executor, license: License, origin: RevisionOrigin): Promise<void> {
  const { id, revision } = license;
  const at = new Date(license.updateTime);
  const { subject, action, why } = origin;
  const snapshot = encodePlainData(license);
  const values = [id, revision, at, subject, action, why, snapshot] as const;
  await run(tx, statements.insertLicenseRevision, values);
  await one(tx, statements.advanceFeed, [id]);
}
