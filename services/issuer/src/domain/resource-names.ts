import { formatName, isUuid, parseName } from "@leasehold/kernel";
import type { Uuid } from "@leasehold/kernel";
import type { EditionRef } from "./edition.ts";
import type { LicenseRef } from "./license.ts";
import type { ProductKeyRef } from "./product-key.ts";

const CUSTOMER = "customers/{customer}";
const PRODUCT = "products/{product}";
const EDITION = "products/{product}/editions/{edition}";
const LICENSE = "customers/{customer}/licenses/{license}";
const PRODUCT_KEY = "customers/{customer}/licenses/{license}/productKeys/{key}";
const KEY_GENERATION = "keyGenerations/{generation}";
const SIGNING_KEY = "signingKeys/{kid}";
const INSTALLATION = "installations/{installation}";
/** The id is a SHA-256 in base64url. */
const SIGNING_KEY_NAME = /^signingKeys\/([A-Za-z0-9_-]{43})$/;
const CODE = /^[a-z][a-z0-9-]{0,63}$/;
const GENERATION = /^[0-9A-Z]{1,16}$/;

/** Whether a text may be the id of a product or an edition. */
export function isCatalogueId(text: string): boolean {
  return CODE.test(text);
}

/** The resource name of a customer. */
export function customerName(id: Uuid): string {
  return formatName(CUSTOMER, { customer: id });
}

/** The customer that a resource name names; `undefined` if it names none. */
export function parseCustomerName(name: string): Uuid | undefined {
  const id = parseName(CUSTOMER, name)?.customer;
  return id !== undefined && isUuid(id) ? id : undefined;
}

/** The resource name of a product. */
export function productName(id: string): string {
  return formatName(PRODUCT, { product: id });
}

/** The product that a resource name names; `undefined` if it names none. */
export function parseProductName(name: string): string | undefined {
  const id = parseName(PRODUCT, name)?.product;
  return id !== undefined && isCatalogueId(id) ? id : undefined;
}

/** The resource name of an edition. */
export function editionName({ productId, id }: EditionRef): string {
  return formatName(EDITION, { product: productId, edition: id });
}

/** The edition that a resource name names; `undefined` if it names none. */
export function parseEditionName(name: string): EditionRef | undefined {
  const parts = parseName(EDITION, name);
  if (!parts || !isCatalogueId(parts.product) || !isCatalogueId(parts.edition)) return undefined;
  return { productId: parts.product, id: parts.edition };
}

/** The resource name of a license. */
export function licenseName({ customerId, id }: LicenseRef): string {
  return formatName(LICENSE, { customer: customerId, license: id });
}

/** The license that a resource name names; `undefined` if it names none. */
export function parseLicenseName(name: string): LicenseRef | undefined {
  const parts = parseName(LICENSE, name);
  if (!parts || !isUuid(parts.customer) || !isUuid(parts.license)) return undefined;
  return { customerId: parts.customer, id: parts.license };
}

/** The resource name of a product key. */
export function productKeyName({ id, license }: ProductKeyRef): string {
  return formatName(PRODUCT_KEY, { customer: license.customerId, license: license.id, key: id });
}

/** The product key that a resource name names; `undefined` if it names none. */
export function parseProductKeyName(name: string): ProductKeyRef | undefined {
  const { customer = "", license = "", key = "" } = parseName(PRODUCT_KEY, name) ?? {};
  if (!isUuid(customer) || !isUuid(license) || !isUuid(key)) return undefined;
  return { id: key, license: { customerId: customer, id: license } };
}

/** The resource name of a generation of product keys. */
export function keyGenerationName(id: string): string {
  return formatName(KEY_GENERATION, { generation: id });
}

/** The generation of product keys that a resource name names; `undefined` if it names none. */
export function parseKeyGenerationName(name: string): string | undefined {
  const id = parseName(KEY_GENERATION, name)?.generation;
  return id !== undefined && GENERATION.test(id) ? id : undefined;
}

/** The resource name of an installation, if the text is one. */
export function parseInstallationName(name: string): string | undefined {
  const id = parseName(INSTALLATION, name)?.installation;
  return id !== undefined && isUuid(id) ? name : undefined;
}

/** The resource name of a signing key. */
export function signingKeyName(kid: string): string {
  return formatName(SIGNING_KEY, { kid });
}

/**
 * The id of the signing key that a resource name names; `undefined` if it names none. Not read by
 * `parseName`: a thumbprint may begin with a dash or a low line.
 */
export function parseSigningKeyName(name: string): string | undefined {
  return SIGNING_KEY_NAME.exec(name)?.[1];
}
