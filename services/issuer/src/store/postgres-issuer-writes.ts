import { first, one, run } from "@leasehold/store-kit";
import type { Executor } from "@leasehold/store-kit";
import type { License } from "../domain/license.ts";
import type { IssuerWrites, RevisionOrigin } from "../use-cases/ports.ts";
import { licenseFromRow } from "./license-rows.ts";
import { encodePlainData } from "./plain-data.ts";
import * as statements from "./statements.ts";

/** The writes of one transaction. Its reads of customers and products are the store's. */
export function postgresIssuerWrites(
  tx: Executor,
): Omit<IssuerWrites, "findCustomer" | "findProduct"> {
  return {
    insertCustomer: async ({ id, displayName, referenceId, createTime }) => {
      const at = new Date(createTime);
      const row = await first(tx, statements.insertCustomer, [id, displayName, referenceId, at]);
      return row !== undefined;
    },
    insertProduct: async ({ id, displayName, salesContact, createTime, features }) => {
      const codes = features.map(({ code }) => code);
      const names = features.map((feature) => feature.displayName);
      const at = new Date(createTime);
      const values = [id, displayName, salesContact, at, codes, names] as const;
      return (await first(tx, statements.insertProduct, values)) !== undefined;
    },
    lockLicense: async ({ id, customerId }) => {
      if (!(await first(tx, statements.lockLicense, [id, customerId]))) return undefined;
      const row = await one(tx, statements.findLicense, [id, customerId]);
      return licenseFromRow(row);
    },
    insertLicense: (license, origin) => insertLicense(tx, license, origin),
    updateLicense: (license, origin) => updateLicense(tx, license, origin),
    insertProductKey: async ({ id, license, hint, createTime }, { pepperVersion, mac }) => {
      const at = new Date(createTime);
      await run(tx, statements.insertProductKey, [id, license.id, pepperVersion, mac, hint, at]);
    },
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
    terms.model,
    terms.seats,
    new Date(terms.startTime),
    new Date(terms.endTime),
    terms.leaseTimes.validityMs,
    terms.leaseTimes.graceMs,
    JSON.stringify(terms.seatPolicy),
    new Date(license.createTime),
  ]);
  await insertFeatures(tx, license);
  await publish(tx, license, origin);
}

async function updateLicense(
  tx: Executor,
  license: License,
  origin: RevisionOrigin,
): Promise<void> {
  const { terms } = license;
  await run(tx, statements.updateLicense, [
    license.id,
    license.revision,
    license.state,
    terms.seats,
    new Date(terms.startTime),
    new Date(terms.endTime),
    terms.leaseTimes.validityMs,
    terms.leaseTimes.graceMs,
    JSON.stringify(terms.seatPolicy),
    new Date(license.updateTime),
  ]);
  if (origin.action === "AMEND") {
    await run(tx, statements.deleteLicenseFeatures, [license.id]);
    await insertFeatures(tx, license);
  }
  await publish(tx, license, origin);
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
  const { subject, action } = origin;
  const snapshot = encodePlainData(license);
  await run(tx, statements.insertLicenseRevision, [id, revision, at, subject, action, snapshot]);
  await one(tx, statements.advanceFeed, [id]);
}
