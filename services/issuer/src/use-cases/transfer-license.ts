import { newUuid, type Uuid } from "@leasehold/kernel";
import type { License } from "../domain/license.ts";
import { licenseStateConflict, transferToSameCustomer } from "../domain/license-problems.ts";
import { transfer } from "../domain/license-transfer.ts";
import type { Licensee } from "@leasehold/license-format";
import { licenseName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import { type ExpectedLicense, lockExpected } from "./expected-license.ts";
import { originOf } from "./license-ports.ts";
import type { Mutation } from "./mutation.ts";
import { holdOpenCustomer } from "./open-customer.ts";
import type { IssuerPorts } from "./ports.ts";

/** The transfer to make. */
export interface TransferLicense extends ExpectedLicense {
  /** Whose the license becomes. */
  readonly customerId: Uuid;
  readonly licensee?: Licensee | undefined;
}

/**
 * Ends a license, and begins one with the same terms for another customer, which the product keys
 * unlock from then on.
 * @returns the license of the other customer
 * @throws Problem `NOT_FOUND`, `REVISION_CONFLICT`, `LICENSE_STATE_CONFLICT`, `CUSTOMER_CLOSED`,
 *   `INVALID_REQUEST`
 */
export function transferLicense(
  ports: IssuerPorts,
  mutation: Mutation,
  command: TransferLicense,
): Promise<License> {
  const { clock, random } = ports;
  const { customerId, licensee } = command;
  return carryOut(ports, mutation, async (writes) => {
    const current = await lockExpected(writes, command);
    if (current.state === "REVOKED") throw licenseStateConflict(current.state);
    if (customerId === current.customerId) throw transferToSameCustomer();
    await holdOpenCustomer(writes, customerId);
    const to = { customerId, id: newUuid(clock, random) };
    const { former, latter } = transfer(current, { to, licensee }, clock.now());
    const origin = originOf(mutation, "TRANSFER");
    await writes.updateLicense(former, origin);
    await writes.insertLicense(latter, origin);
    await writes.moveProductKeys(former.id, latter.id);
    return { result: latter, resource: licenseName(latter) };
  });
}
