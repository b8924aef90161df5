import { issuer, type PartialMessage } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCustomer, createStudio, issuerUnderTest, requestId } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { refusal, refusedFields } from "./refusal.ts";

let under: IssuerUnderTest;
beforeAll(async () => {
  under = await issuerUnderTest();
});
afterAll(() => under[Symbol.asyncDispose]());

const CUSTOMER = issuer.Customer.fromPartial({ displayName: "Acme GmbH", referenceId: "acme" });
const PRODUCT = issuer.Product.fromPartial({
  displayName: "Studio",
  features: [{ code: "dataflow", displayName: "Data flow" }],
});

function tryCustomer(change: PartialMessage<issuer.Customer>, id: string = requestId()) {
  return under.admin.createCustomer({ requestId: id, customer: { ...CUSTOMER, ...change } });
}

function tryProduct(change: PartialMessage<issuer.Product>, productId = "fresh") {
  const product = { ...PRODUCT, ...change };
  return under.admin.createProduct({ requestId: requestId(), productId, product });
}

test("a customer is created and read", async () => {
  const customer = await createCustomer(under.admin, "acme-1");
  expect(customer).toMatchObject({ displayName: "Acme GmbH", referenceId: "acme-1" });
  expect(customer.name).toMatch(/^customers\/[0-9a-f-]{36}$/);
  expect(await under.admin.getCustomer({ name: customer.name })).toEqual({ customer });
});

test("a product is created and read, its features in their order", async () => {
  const product = await createStudio(under.admin);
  expect(product).toMatchObject({ name: "products/studio", salesContact: "sales@example.com" });
  expect(product.features.map(({ code }) => code)).toEqual(["dataflow", "workflow", "diagrams"]);
  expect(await under.admin.getProduct({ name: product.name })).toEqual({ product });
});

test("the largest product that the contract allows is created", async () => {
  const features = Array.from({ length: 200 }, (_, index) => ({
    code: `f${index}`.padEnd(64, "x"),
    displayName: "😀".repeat(200),
  }));
  const { product } = await tryProduct({ features }, "largest");
  expect(product).toMatchObject({ features });
});

test("what is not there is not found", async () => {
  const customer = await refusal(under.admin.getCustomer({ name: `customers/${requestId()}` }));
  const product = await refusal(under.admin.getProduct({ name: "products/none" }));
  expect([customer.reason, product.reason]).toEqual(["NOT_FOUND", "NOT_FOUND"]);
});

test("a reference id and a product id are given once", async () => {
  await tryCustomer({ referenceId: "taken" });
  expect(await refusal(tryCustomer({ referenceId: "taken" }))).toMatchObject({
    reason: "ALREADY_EXISTS",
  });
  await tryProduct({}, "taken");
  expect(await refusal(tryProduct({}, "taken"))).toMatchObject({ reason: "ALREADY_EXISTS" });
});

test.each<[string, PartialMessage<issuer.Customer>, string]>([
  ["a name of 10 kB", { displayName: "a".repeat(10_000) }, "display_name"],
  ["no name", { displayName: "" }, "display_name"],
  ["a name with a line end", { displayName: "a\nb" }, "display_name"],
  ["a name with NUL", { displayName: "a\0b" }, "display_name"],
  ["a name with a lone surrogate", { displayName: "a\ud800" }, "display_name"],
  [
    "a name with 10^4 combining marks",
    { displayName: `a${"\u0301".repeat(10_000)}` },
    "display_name",
  ],
  ["a reference id with a space", { referenceId: "a b c" }, "reference_id"],
  ["a reference id of two letters", { referenceId: "ab" }, "reference_id"],
])("a customer with %s is refused", async (_, change, field) => {
  expect(await refusedFields(tryCustomer(change))).toEqual([`customer.${field}`]);
});

test("every broken field is told at once", async () => {
  const call = tryCustomer({ displayName: "", referenceId: "" }, "not-a-uuid");
  expect(await refusedFields(call)).toEqual([
    "request_id",
    "customer.display_name",
    "customer.reference_id",
  ]);
  const empty = under.admin.createCustomer({ requestId: requestId(), customer: undefined });
  expect(await refusedFields(empty)).toEqual(["customer"]);
});

test.each<[string, PartialMessage<issuer.Product>, string]>([
  [
    "a feature called __proto__",
    { features: [{ code: "__proto__", displayName: "P" }] },
    "features[0].code",
  ],
  ["a feature twice", { features: [...PRODUCT.features, ...PRODUCT.features] }, "features"],
  [
    "201 features",
    { features: Array.from({ length: 201 }, (_, i) => ({ code: `f${i}`, displayName: "F" })) },
    "features",
  ],
  [
    "a feature without a name",
    { features: [{ code: "x", displayName: "" }] },
    "features[0].display_name",
  ],
])("a product with %s is refused", async (_, change, field) => {
  expect(await refusedFields(tryProduct(change))).toEqual([`product.${field}`]);
});

test.each(["", "Studio", "__proto__", "1a", "a/b", "a".repeat(65)])(
  "%j is no product id",
  async (productId) => {
    expect(await refusedFields(tryProduct({}, productId))).toEqual(["product_id"]);
  },
);

test.each([
  "'; drop table customer; --",
  "{{7*7}} ${7*7}",
  '{"msg":"forged"}',
  "<script>alert(1)</script>",
])("the text %j is stored as it is", async (displayName) => {
  const { customer } = await tryCustomer({ displayName, referenceId: `r-${requestId()}` });
  expect((await under.admin.getCustomer({ name: customer!.name })).customer?.displayName).toBe(
    displayName,
  );
});

test("a request made again has no further effect and gets the first answer", async () => {
  const id = requestId();
  const first = await tryCustomer({ referenceId: "again" }, id);
  expect(await tryCustomer({ referenceId: "again" }, id)).toEqual(first);
  const events = under.logged.filter(({ facts }) => facts["resource"] === first.customer!.name);
  expect(events).toMatchObject([
    { message: "carried out", facts: { subject: "admin", method: "CreateCustomer" } },
  ]);
});

test("a request id used again for something else is refused", async () => {
  const id = requestId();
  await tryCustomer({ referenceId: "first-body" }, id);
  expect((await refusal(tryCustomer({ referenceId: "other-body" }, id))).reason).toBe(
    "REQUEST_ID_REUSED",
  );
  const product = under.admin.createProduct({
    requestId: id,
    productId: "other",
    product: PRODUCT,
  });
  expect((await refusal(product)).reason).toBe("REQUEST_ID_REUSED");
});

test("a refused request leaves its request id unused", async () => {
  const id = requestId();
  await tryCustomer({ referenceId: "occupied" });
  await refusal(tryCustomer({ referenceId: "occupied" }, id));
  await expect(tryCustomer({ referenceId: "vacant" }, id)).resolves.toMatchObject({
    customer: { referenceId: "vacant" },
  });
});
