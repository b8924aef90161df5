import { first, listRows, run } from "@leasehold/store-kit";
import type { Executor, Statement } from "@leasehold/store-kit";
import type { Edition, EditionRef } from "../domain/edition.ts";
import type { EditionOrigin, EditionReads, EditionWrites } from "../use-cases/edition-ports.ts";
import { editionFromRow } from "./edition-rows.ts";
import type { EditionRow } from "./edition-rows.ts";
import * as statements from "./edition-statements.ts";
import { encodePlainData } from "./plain-data.ts";

export function editionReads(executor: Executor): EditionReads {
  return {
    findEdition: (ref) => read(executor, statements.findEdition, ref),
    listEditions: async (productId, query) => {
      const params = [productId] as const;
      const { items, next } = await listRows(executor, statements.listEditions, query, params);
      return { items: items.map(editionFromRow), next };
    },
  };
}

export function editionWrites(tx: Executor): EditionWrites {
  return {
    ...editionReads(tx),
    holdEdition: (ref) => read(tx, statements.holdEdition, ref),
    lockEdition: (ref) => read(tx, statements.lockEdition, ref),
    insertEdition: (edition, origin) => insertEdition(tx, edition, origin),
    updateEdition: (edition, origin) => updateEdition(tx, edition, origin),
  };
}

async function read(
  executor: Executor,
  statement: Statement<EditionRow, readonly [product: string, id: string]>,
  { productId, id }: EditionRef,
): Promise<Edition | undefined> {
  const row = await first(executor, statement, [productId, id]);
  return row && editionFromRow(row);
}

async function insertEdition(
  tx: Executor,
  edition: Edition,
  origin: EditionOrigin,
): Promise<boolean> {
  const inserted = await first(tx, statements.insertEdition, [
    edition.productId,
    edition.id,
    ...factsOf(edition),
    new Date(edition.createTime),
  ]);
  if (!inserted) return false;
  await remember(tx, edition, origin);
  return true;
}

async function updateEdition(tx: Executor, edition: Edition, origin: EditionOrigin): Promise<void> {
  await run(tx, statements.updateEdition, [
    edition.productId,
    edition.id,
    edition.revision,
    ...factsOf(edition),
    new Date(edition.updateTime),
  ]);
  await remember(tx, edition, origin);
}

function factsOf(edition: Edition) {
  const { displayName, terms, termDays, maintenanceDays, retired } = edition;
  return [displayName, encodePlainData(terms), termDays, maintenanceDays, retired] as const;
}

async function remember(tx: Executor, edition: Edition, origin: EditionOrigin): Promise<void> {
  const { productId, id, revision } = edition;
  const { subject, action, why } = origin;
  const at = new Date(edition.updateTime);
  const snapshot = encodePlainData(edition);
  const values = [productId, id, revision, at, subject, action, why, snapshot] as const;
  await run(tx, statements.insertEditionRevision, values);
}
