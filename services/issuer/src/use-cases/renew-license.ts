import type { License } from "../domain/license.ts";
import { renewalRefused } from "../domain/license-problems.ts";
import { renewal, renewalFaults, type RenewalRequest } from "../domain/license-renewal.ts";
import { licenseName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { changed, type ExpectedLicense, lockExpected } from "./expected-license.ts";
import { originOf } from "./license-ports.ts";
import type { Mutation } from "./mutation.ts";
import { holdOpenCustomer } from "./open-customer.ts";
import type { IssuerPorts } from "./ports.ts";

/** The renewal to make. */
export interface RenewLicense extends ExpectedLicense {
  readonly request: RenewalRequest;
}

/**
 * Puts off the end of a license, and of its maintenance.
 * @throws Problem `NOT_FOUND`, `REVISION_CONFLICT`, `LICENSE_STATE_CONFLICT`, `CUSTOMER_CLOSED`,
 *   `INVALID_REQUEST`
 */
export function renewLicense(
  ports: IssuerPorts,
  mutation: Mutation,
  command: RenewLicense,
): Promise<License> {
  return carryOut(ports, mutation, async (writes) => {
    const current = await lockExpected(writes, command);
    const terms = renewal(current.terms, command.request);
    const { license, action } = changed(current, { kind: "renew", terms }, ports.clock.now());
    const faults = renewalFaults(current.terms, command.request);
    if (faults.length > 0) throw renewalRefused(faults);
    await holdOpenCustomer(writes, license.customerId);
    await writes.updateLicense(license, originOf(mutation, action));
    return { result: license, resource: licenseName(license) };
  });
}
