import type { Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import {
  editionName,
  licenseName,
  parseCustomerName,
  parseEditionName,
  parseInstallationName,
  parseKeyGenerationName,
  parseLicenseName,
  parseProductKeyName,
  parseProductName,
  parseSigningKeyName,
  productKeyName,
  signingKeyName,
} from "./resource-names.ts";

const CUSTOMER = "0190b5a0-0000-7000-8000-00000000000a" as Uuid;
const LICENSE = "0190b5a0-0000-7000-8000-00000000000b" as Uuid;
const KEY = "0190b5a0-0000-7000-8000-00000000000c" as Uuid;

test("a license's name tells its customer and its id", () => {
  const ref = { customerId: CUSTOMER, id: LICENSE };
  expect(licenseName(ref)).toBe(`customers/${CUSTOMER}/licenses/${LICENSE}`);
  expect(parseLicenseName(licenseName(ref))).toEqual(ref);
});

test.each([
  ["empty", ""],
  ["of another collection", `products/${CUSTOMER}`],
  ["of an id that is no UUID", "customers/acme"],
  ["of an id in upper case", `customers/${CUSTOMER.toUpperCase()}`],
  ["with more behind it", `customers/${CUSTOMER}/`],
  ["with a line end", `customers/${CUSTOMER}\n`],
])("a name that is %s names no customer", (_, name) => {
  expect(parseCustomerName(name)).toBeUndefined();
});

test.each([
  "products/Studio",
  "products/__proto__",
  "products/-a",
  "products/a.b",
  `products/${"a".repeat(65)}`,
])("%s names no product", (name) => {
  expect(parseProductName(name)).toBeUndefined();
});

test("only an installation whose id is a UUID has a name", () => {
  expect(parseInstallationName(`installations/${LICENSE}`)).toBe(`installations/${LICENSE}`);
  expect(parseInstallationName("installations/mine")).toBeUndefined();
});

test("a product key's name tells its license and its customer", () => {
  const ref = { id: KEY, license: { customerId: CUSTOMER, id: LICENSE } };
  const name = `customers/${CUSTOMER}/licenses/${LICENSE}/productKeys/${KEY}`;
  expect(productKeyName(ref)).toBe(name);
  expect(parseProductKeyName(name)).toEqual(ref);
});

test.each([
  "",
  `customers/${CUSTOMER}/licenses/${LICENSE}`,
  `customers/acme/licenses/${LICENSE}/productKeys/${KEY}`,
  `customers/${CUSTOMER}/licenses/l/productKeys/${KEY}`,
  `customers/${CUSTOMER}/licenses/${LICENSE}/productKeys/k`,
])("%j names no product key", (name) => {
  expect(parseProductKeyName(name)).toBeUndefined();
});

test("a generation of product keys is named by its id", () => {
  expect(parseKeyGenerationName("keyGenerations/LH1")).toBe("LH1");
  for (const name of ["keyGenerations/lh1", "keyGenerations/", "keyGenerations/2/x", "2"]) {
    expect(parseKeyGenerationName(name)).toBeUndefined();
  }
});

test("an edition's name tells its product and its id", () => {
  const ref = { productId: "studio", id: "team" };
  expect(editionName(ref)).toBe("products/studio/editions/team");
  expect(parseEditionName(editionName(ref))).toEqual(ref);
});

test.each([
  "products/studio",
  "products/studio/editions/",
  "products/studio/editions/Team",
  "products/Studio/editions/team",
  "products/studio/editions/team/more",
])("%s names no edition", (name) => {
  expect(parseEditionName(name)).toBeUndefined();
});

test.each(["A", "-", "_", "7"])(
  "a signing key whose thumbprint begins with %s has a name",
  (first) => {
    const kid = first.padEnd(43, "x");
    expect(parseSigningKeyName(signingKeyName(kid))).toBe(kid);
    expect(parseSigningKeyName(`${signingKeyName(kid)}x`)).toBeUndefined();
    expect(parseSigningKeyName(`keys/${kid}`)).toBeUndefined();
  },
);
