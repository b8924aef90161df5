import { constraintOf, first, listRows, run } from "@leasehold/store-kit";
import type { Executor, Statement } from "@leasehold/store-kit";
import type { Customer } from "../domain/customer.ts";
import type { CustomerOrigin, CustomerReads, CustomerWrites } from "../use-cases/customer-ports.ts";
import { customerFromRow } from "./customer-rows.ts";
import type { CustomerRow } from "./customer-rows.ts";
import * as statements from "./customer-statements.ts";
import { encodePlainData } from "./plain-data.ts";

const REFERENCE_ID_KEY = "customer_reference_id_key";

export function customerReads(executor: Executor): CustomerReads {
  return {
    findCustomer: (id) => read(executor, statements.findCustomer, id),
    listCustomers: async (query) => {
      const { items, next } = await listRows(executor, statements.listCustomers, query, []);
      return { items: items.map(customerFromRow), next };
    },
  };
}

export function customerWrites(tx: Executor): CustomerWrites {
  return {
    ...customerReads(tx),
    holdCustomer: (id) => read(tx, statements.holdCustomer, id),
    holdCustomerByReference: (id) => read(tx, statements.holdCustomerByReference, id),
    lockCustomer: (id) => read(tx, statements.lockCustomer, id),
    hasLicenseInForce: async (id, now) => {
      const row = await first(tx, statements.findLicenseInForce, [id, new Date(now)]);
      return row !== undefined;
    },
    insertCustomer: (customer, origin) => insertCustomer(tx, customer, origin),
    updateCustomer: (customer, origin) => updateCustomer(tx, customer, origin),
    tellCustomer: async (id) => {
      await run(tx, statements.tellCustomer, [id]);
    },
  };
}

async function read<Key extends string>(
  executor: Executor,
  statement: Statement<CustomerRow, readonly [key: Key]>,
  key: Key,
): Promise<Customer | undefined> {
  const row = await first(executor, statement, [key]);
  return row && customerFromRow(row);
}

async function insertCustomer(
  tx: Executor,
  customer: Customer,
  origin: CustomerOrigin,
): Promise<boolean> {
  const inserted = await first(tx, statements.insertCustomer, [
    customer.id,
    customer.displayName,
    customer.referenceId,
    JSON.stringify(customer.contacts),
    customer.limits.resources ?? null,
    new Date(customer.createTime),
  ]);
  if (!inserted) return false;
  await remember(tx, customer, origin);
  return true;
}

async function updateCustomer(
  tx: Executor,
  customer: Customer,
  origin: CustomerOrigin,
): Promise<boolean> {
  try {
    await run(tx, statements.updateCustomer, [
      customer.id,
      customer.revision,
      customer.displayName,
      customer.referenceId,
      customer.state,
      JSON.stringify(customer.contacts),
      customer.limits.resources ?? null,
      new Date(customer.updateTime),
    ]);
  } catch (error) {
    if (constraintOf(error)?.constraint === REFERENCE_ID_KEY) return false;
    throw error;
  }
  await remember(tx, customer, origin);
  return true;
}

async function remember(tx: Executor, customer: Customer, origin: CustomerOrigin): Promise<void> {
  const { id, revision } = customer;
  const { subject, action, why } = origin;
  const at = new Date(customer.updateTime);
  const values = [id, revision, at, subject, action, why, encodePlainData(customer)] as const;
  await run(tx, statements.insertCustomerRevision, values);
}
