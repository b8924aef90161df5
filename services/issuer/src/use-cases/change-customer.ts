import type { Uuid } from "@leasehold/kernel";
import { customerNotFound, referenceIdTaken } from "../domain/catalogue-problems.ts";
import { changeCustomer } from "../domain/customer.ts";
import type { Customer, CustomerAction, CustomerChange } from "../domain/customer.ts";
import {
  customerClosed,
  customerInUse,
  customerRevisionConflict,
} from "../domain/customer-problems.ts";
import { customerName } from "../domain/resource-names.ts";
import { carryOut } from "./carry-out.ts";
import type { Mutation } from "./mutation.ts";
import type { IssuerPorts } from "./ports.ts";

/** The change to make. */
export interface ChangeCustomer {
  readonly id: Uuid;
  /** The revision that the caller saw; absent to change whatever there is. */
  readonly expectedRevision?: bigint;
  readonly change: CustomerChange;
}

/**
 * Updates or closes a customer; a new revision comes of it.
 * @throws Problem `NOT_FOUND`, `REVISION_CONFLICT`, `CUSTOMER_CLOSED`, `ALREADY_EXISTS` if its new
 *   reference id is taken, `CUSTOMER_IN_USE` if it is to close and has a license
 */
export function changeExistingCustomer(
  ports: IssuerPorts,
  mutation: Mutation,
  command: ChangeCustomer,
): Promise<Customer> {
  return carryOut(ports, mutation, async (writes) => {
    const now = ports.clock.now();
    const current = await writes.lockCustomer(command.id);
    const { customer, action } = decide(current, command, now);
    if (action === "CLOSE" && (await writes.hasLicenseInForce(customer.id, now))) {
      throw customerInUse();
    }
    const origin = { subject: mutation.subject, why: mutation.why, action };
    if (!(await writes.updateCustomer(customer, origin))) throw referenceIdTaken();
    if (customer.limits.resources !== current?.limits.resources)
      await writes.tellCustomer(customer.id);
    return { result: customer, resource: customerName(customer.id) };
  });
}

function decide(
  current: Customer | undefined,
  { expectedRevision, change }: ChangeCustomer,
  now: number,
): { readonly customer: Customer; readonly action: CustomerAction } {
  if (!current) throw customerNotFound();
  if (expectedRevision !== undefined && expectedRevision !== current.revision) {
    throw customerRevisionConflict(current.revision);
  }
  const outcome = changeCustomer(current, change, now);
  if (outcome.kind === "closed") throw customerClosed();
  return outcome;
}
