import type { issuer } from "@leasehold/contracts";
import { type ListReading, type PageTokens, readList } from "@leasehold/list-query";
import type { Check } from "@leasehold/service-kit";
import { type EditionField, EDITIONS_LIST } from "../domain/catalogue-lists.ts";
import { MAINTENANCE_DAYS, TERM_DAYS } from "../domain/edition.ts";
import type { EditionFacts, EditionRef } from "../domain/edition.ts";
import { parseEditionName } from "../domain/resource-names.ts";
import type { CreateEdition } from "../use-cases/create-edition.ts";
import type { UpdateEdition } from "../use-cases/update-edition.ts";
import { DISPLAY_TEXT, readCatalogueId } from "./parse-catalogue.ts";
import { readProductName } from "./parse-product.ts";
import { readTermsTemplate } from "./parse-terms.ts";
import { readExpectedRevision } from "./read-expected-revision.ts";
import { EDITION_PATTERN, readName } from "./read-name.ts";

/** What may be changed of an edition, by its path in the contract. */
const READERS = {
  display_name: (check, { displayName }) => ({
    displayName: check.text("edition.display_name", displayName, DISPLAY_TEXT),
  }),
  terms: (check, { terms }) => ({
    terms: check.message("edition.terms", terms, (given) =>
      readTermsTemplate(check, "edition.terms", given),
    ),
  }),
  term_days: (check, { termDays }) => ({
    termDays: check.integer("edition.term_days", termDays, TERM_DAYS),
  }),
  maintenance_days: (check, { maintenanceDays }) => ({
    maintenanceDays: check.integer("edition.maintenance_days", maintenanceDays, MAINTENANCE_DAYS),
  }),
  retired: (_, { retired }) => ({ retired }),
} as const satisfies Record<
  string,
  (check: Check, edition: issuer.Edition) => Partial<EditionFacts>
>;
const PATHS = Object.keys(READERS) as (keyof typeof READERS)[];

/** An edition by its name, wherever a request carries one. */
export function readEditionName(check: Check, field: string, name: string): EditionRef {
  return readName(check, field, name, parseEditionName, EDITION_PATTERN);
}

/** The edition to create. */
export function readCreateEdition(
  check: Check,
  request: issuer.CreateEditionRequest,
): CreateEdition {
  const productId = readProductName(check, "parent", request.parent);
  const id = readCatalogueId(check, "edition_id", request.editionId);
  return check.message("edition", request.edition, (edition) => ({
    productId,
    id,
    ...READERS.display_name(check, edition),
    ...READERS.terms(check, edition),
    ...READERS.term_days(check, edition),
    ...READERS.maintenance_days(check, edition),
    ...READERS.retired(check, edition),
  }));
}

/** The edition to tell of. */
export function readGetEdition(check: Check, { name }: issuer.GetEditionRequest): EditionRef {
  return readEditionName(check, "name", name);
}

/** The change to make of an edition; what stands in fields that the mask does not name is not looked at. */
export function readUpdateEdition(
  check: Check,
  request: issuer.UpdateEditionRequest,
): UpdateEdition {
  const edition = readEditionName(check, "name", request.name);
  const expected = readExpectedRevision(check, request);
  const facts = check.message("edition", request.edition, (given) => {
    const paths = check.fieldMask("update_mask", request.updateMask, PATHS);
    const read: Partial<EditionFacts>[] = paths.map((path) => READERS[path](check, given));
    return Object.assign({}, ...read) as Partial<EditionFacts>;
  });
  return { edition, ...expected, facts };
}

/** Of which product to list editions, and which page. */
export function readListEditions(
  check: Check,
  request: issuer.ListEditionsRequest,
  tokens: PageTokens,
): ListReading<EditionField> & { readonly productId: string } {
  const { parent } = request;
  const productId = readProductName(check, "parent", parent);
  const call = { tokens, method: "ListEditions", parent };
  return { productId, ...readList(check, EDITIONS_LIST, request, call) };
}
