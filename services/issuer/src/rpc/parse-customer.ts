import type { issuer } from "@leasehold/contracts";
import type { Uuid } from "@leasehold/kernel";
import { type ListReading, type PageTokens, readList } from "@leasehold/list-query";
import type { Check } from "@leasehold/service-kit";
import type { Contact, CustomerFacts, CustomerLimits } from "../domain/customer.ts";
import { CUSTOMERS_LIST, type CustomerField } from "../domain/customer-list.ts";
import { parseCustomerName } from "../domain/resource-names.ts";
import type { ChangeCustomer } from "../use-cases/change-customer.ts";
import { DISPLAY_TEXT } from "./parse-catalogue.ts";
import { readEmail } from "./read-email.ts";
import { readExpectedRevision } from "./read-expected-revision.ts";
import { CUSTOMER_PATTERN, readName } from "./read-name.ts";

const REFERENCE_ID = /^[A-Za-z0-9_.-]{3,64}$/;
const CONTACTS = { max: 20 } as const;
const SHORT_TEXT = { max: 50 } as const;
const RESOURCES = { min: 0, max: 1_000_000 } as const;

/** What may be changed of a customer, by its path in the contract. */
const READERS = {
  display_name: (check, { displayName }) => ({
    displayName: check.text("customer.display_name", displayName, DISPLAY_TEXT),
  }),
  reference_id: (check, { referenceId }) => ({
    referenceId: readReferenceId(check, "customer.reference_id", referenceId),
  }),
  contacts: (check, { contacts }) => ({ contacts: readContacts(check, contacts) }),
  limits: (check, { limits }) => ({ limits: readLimits(check, limits) }),
} as const satisfies Record<
  string,
  (check: Check, customer: issuer.Customer) => Partial<CustomerFacts>
>;
const PATHS = Object.keys(READERS) as (keyof typeof READERS)[];

/** A customer by its name, wherever a request carries one. */
export function readCustomerName(check: Check, field: string, name: string): Uuid {
  return readName(check, field, name, parseCustomerName, CUSTOMER_PATTERN);
}

/** What a colleague quotes, as far as its form goes. */
export function readReferenceId(check: Check, field: string, referenceId: string): string {
  const rule = "must be 3 to 64 of A-Z a-z 0-9 - _ .";
  return check.matching(field, referenceId, REFERENCE_ID, rule);
}

/** The customer to create. */
export function readCreateCustomer(
  check: Check,
  request: issuer.CreateCustomerRequest,
): CustomerFacts {
  return check.message("customer", request.customer, (customer) => ({
    ...READERS.display_name(check, customer),
    ...READERS.reference_id(check, customer),
    ...READERS.contacts(check, customer),
    ...READERS.limits(check, customer),
  }));
}

/** The customer to tell of. */
export function readGetCustomer(check: Check, { name }: issuer.GetCustomerRequest): Uuid {
  return readCustomerName(check, "name", name);
}

/** The update to make. */
export function readUpdateCustomer(
  check: Check,
  request: issuer.UpdateCustomerRequest,
): ChangeCustomer {
  const target = readTarget(check, request);
  const facts = check.message("customer", request.customer, (customer) => {
    const paths = check.fieldMask("update_mask", request.updateMask, PATHS);
    const read: Partial<CustomerFacts>[] = paths.map((path) => READERS[path](check, customer));
    return Object.assign({}, ...read) as Partial<CustomerFacts>;
  });
  return { ...target, change: { kind: "update", facts } };
}

/** The customer to close. */
export function readCloseCustomer(
  check: Check,
  request: issuer.CloseCustomerRequest,
): ChangeCustomer {
  return { ...readTarget(check, request), change: { kind: "close" } };
}

/** The page of customers to tell of. */
export function readListCustomers(
  check: Check,
  request: issuer.ListCustomersRequest,
  tokens: PageTokens,
): ListReading<CustomerField> {
  const call = { tokens, method: "ListCustomers", parent: "" };
  return readList(check, CUSTOMERS_LIST, request, call);
}

function readTarget(
  check: Check,
  request: Pick<issuer.CloseCustomerRequest, "name" | "expectedRevision">,
): Omit<ChangeCustomer, "change"> {
  const id = readCustomerName(check, "name", request.name);
  return { id, ...readExpectedRevision(check, request) };
}

function readContacts(check: Check, contacts: readonly issuer.Contact[]): readonly Contact[] {
  return check.list("customer.contacts", contacts, CONTACTS, (contact, field) => ({
    displayName: check.text(`${field}.display_name`, contact.displayName, DISPLAY_TEXT),
    email: readEmail(check, `${field}.email`, contact.email),
    phone: check.text(`${field}.phone`, contact.phone, SHORT_TEXT),
    role: check.text(`${field}.role`, contact.role, SHORT_TEXT),
  }));
}

function readLimits(check: Check, limits: issuer.CustomerLimits | undefined): CustomerLimits {
  const resources = limits?.resources;
  if (resources === undefined) return {};
  return { resources: check.integer("customer.limits.resources", resources, RESOURCES) };
}
