import { newUuid } from "@leasehold/kernel";
import type { Uuid } from "@leasehold/kernel";
import { editionRetired } from "../domain/catalogue-problems.ts";
import { termsByEdition } from "../domain/edition.ts";
import type { EditionRef, ReplacedTerms } from "../domain/edition.ts";
import type { License } from "../domain/license.ts";
import {
  issuingEditionUnknown,
  licensedProductUnknown,
  termsRefused,
} from "../domain/license-problems.ts";
import type { Licensee } from "@leasehold/license-format";
import { termFaults } from "../domain/license-terms.ts";
import type { LicenseTerms } from "../domain/license-terms.ts";
import { featureKinds } from "../domain/product.ts";
import { licenseName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { originOf } from "./license-ports.ts";
import type { Mutation } from "./mutation.ts";
import { holdOpenCustomer } from "./open-customer.ts";
import type { IssuerPorts, IssuerWrites } from "./ports.ts";

/** What a new license grants: terms of its own, or those of an edition but for what is replaced. */
export type Grant =
  | { readonly kind: "terms"; readonly terms: LicenseTerms }
  | { readonly kind: "edition"; readonly edition: EditionRef; readonly replaced: ReplacedTerms };

/** The license to issue. */
export interface IssueLicense {
  readonly customerId: Uuid;
  readonly productId: string;
  readonly licensee: Licensee;
  readonly grant: Grant;
}

/**
 * Issues a license to a customer: revision 1, active.
 * @throws Problem `NOT_FOUND` for the customer, `CUSTOMER_CLOSED`, `INVALID_REQUEST` for product,
 *   edition and terms, `EDITION_RETIRED`
 */
export function issueLicense(
  ports: IssuerPorts,
  mutation: Mutation,
  { grant, ...command }: IssueLicense,
): Promise<License> {
  const { clock, random } = ports;
  return carryOut(ports, mutation, async (writes) => {
    await holdOpenCustomer(writes, command.customerId);
    const product = await writes.holdProduct(command.productId);
    if (!product) throw licensedProductUnknown();
    const now = clock.now();
    const granted = await granting(writes, grant, now);
    const given = grant.kind === "terms" ? grant.terms : grant.replaced;
    const faults = termFaults(granted.terms, featureKinds(product), given);
    if (faults.length > 0) throw termsRefused("license.terms", faults);
    const license: License = {
      ...command,
      ...granted,
      id: newUuid(clock, random),
      revision: 1n,
      state: "ACTIVE",
      createTime: now,
      updateTime: now,
    };
    await writes.insertLicense(license, originOf(mutation, "ISSUE"));
    return { result: license, resource: licenseName(license) };
  });
}

/** The terms of the license, and by which revision of which edition it is issued. */
async function granting(
  writes: IssuerWrites,
  grant: Grant,
  now: number,
): Promise<Pick<License, "terms" | "edition">> {
  if (grant.kind === "terms") return { terms: grant.terms };
  const edition = await writes.holdEdition(grant.edition);
  if (!edition) throw issuingEditionUnknown();
  if (edition.retired) throw editionRetired();
  const { id, revision } = edition;
  return { terms: termsByEdition(edition, now, grant.replaced), edition: { id, revision } };
}
