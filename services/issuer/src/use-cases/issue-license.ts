import { newUuid } from "@leasehold/kernel";
import type { Uuid } from "@leasehold/kernel";
import type { License } from "../domain/license.ts";
import { licensedProductUnknown, termsRefused } from "../domain/license-problems.ts";
import type { Licensee } from "../domain/licensee.ts";
import { termFaults } from "../domain/license-terms.ts";
import type { LicenseTerms } from "../domain/license-terms.ts";
import { featureCodes } from "../domain/product.ts";
import { licenseName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { originOf } from "./license-ports.ts";
import type { Mutation } from "./mutation.ts";
import { holdOpenCustomer } from "./open-customer.ts";
import type { IssuerPorts } from "./ports.ts";

/** The license to issue. */
export interface IssueLicense {
  readonly customerId: Uuid;
  readonly productId: string;
  readonly licensee: Licensee;
  readonly terms: LicenseTerms;
}

/**
 * Issues a license to a customer: revision 1, active.
 * @throws Problem `NOT_FOUND` for the customer, `CUSTOMER_CLOSED`, `INVALID_REQUEST` for product and
 *   terms
 */
export function issueLicense(
  ports: IssuerPorts,
  mutation: Mutation,
  command: IssueLicense,
): Promise<License> {
  const { clock, random } = ports;
  return carryOut(ports, mutation, async (writes) => {
    await holdOpenCustomer(writes, command.customerId);
    const product = await writes.findProduct(command.productId);
    if (!product) throw licensedProductUnknown();
    const faults = termFaults(command.terms, featureCodes(product));
    if (faults.length > 0) throw termsRefused("license.terms", faults);
    const now = clock.now();
    const license: License = {
      ...command,
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
