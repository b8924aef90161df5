import { issuer, type PartialMessage } from "@leasehold/contracts";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CatalogueClient } from "./catalogue-under-test.ts";
import { createEdition, templateTerms } from "./catalogue-under-test.ts";
import {
  createCustomer,
  createStudio,
  issueLicense,
  issuerUnderTest,
  requestId,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { refusal, refusedFields } from "./refusal.ts";

const { COUNTED, SWITCH, UNSPECIFIED } = issuer.FeatureKind;
const { ANY, SAME_MINOR } = issuer.VersionTolerance;
const clock = manualClock();
let under: IssuerUnderTest;
let catalogue: CatalogueClient;
/** Has a license of `dataflow` and `diagrams` (limit 12), and an edition that names `workflow`. */
let studio: issuer.Product;

beforeAll(async () => {
  under = await issuerUnderTest({ clock });
  catalogue = under.of(issuer.CatalogueServiceDefinition, "admin");
  studio = await createStudio(under.admin);
  const customer = await createCustomer(under.admin);
  await issueLicense(under.admin, customer.name);
  await createEdition(catalogue, { terms: templateTerms({ features: [{ feature: "workflow" }] }) });
});
afterAll(() => under[Symbol.asyncDispose]());

function feature(code: string, kind: issuer.FeatureKind = UNSPECIFIED, displayName = code) {
  return { code, displayName, kind };
}

async function create(change: PartialMessage<issuer.Product> = {}, productId = `p-${requestId()}`) {
  const product = { displayName: "Product", features: [feature("one"), feature("two")], ...change };
  return (await under.admin.createProduct({ requestId: requestId(), productId, product })).product!;
}

function tryUpdate(
  name: string,
  updateMask: string[],
  product: PartialMessage<issuer.Product> | undefined,
  expectedRevision = 0n,
) {
  const request = { requestId: requestId(), name, updateMask, expectedRevision };
  return catalogue.updateProduct({ ...request, product });
}

async function update(...given: Parameters<typeof tryUpdate>) {
  return (await tryUpdate(...given)).product!;
}

test("a product is created with the kinds of its features, its help contact and its version policy", async () => {
  const facts = {
    features: [feature("a", SWITCH), feature("b", COUNTED), feature("c")],
    helpContact: "https://help.example.com",
    versionPolicy: { supported: { oldest: "4.1", newest: "5" }, tolerance: SAME_MINOR },
  };
  const product = await create(facts);
  expect(product).toMatchObject({ ...facts, revision: 1n });
  expect(product.updateTime).toEqual(product.createTime);
  expect(await under.admin.getProduct({ name: product.name })).toEqual({ product });
});

test("a product that tells no version policy supports every version", async () => {
  const policy = { supported: undefined, tolerance: ANY };
  expect((await create()).versionPolicy).toEqual(policy);
  const supported = { oldest: "", newest: "" };
  expect((await create({ versionPolicy: { supported } })).versionPolicy).toEqual(policy);
});

test("an update changes what the mask names, and nothing else", async () => {
  const before = await create({ salesContact: "sales@example.com" });
  clock.advance(1_000);
  const change = { displayName: "New", salesContact: "ignored", helpContact: "help@example.com" };
  const product = await update(before.name, ["display_name", "help_contact"], change);
  expect(product).toEqual({
    ...before,
    displayName: "New",
    helpContact: "help@example.com",
    revision: 2n,
    updateTime: new Date(clock.now()),
  });
  expect(await under.admin.getProduct({ name: before.name })).toEqual({ product });
  const cleared = await update(before.name, ["help_contact", "version_policy"], {});
  expect(cleared).toMatchObject({ helpContact: "", revision: 3n });
});

test("features are added, renamed, reordered, and left out where nothing names them", async () => {
  const { name } = await create();
  const features = [feature("two", UNSPECIFIED, "Two!"), feature("new", COUNTED), feature("one")];
  expect((await update(name, ["features"], { features })).features).toEqual(features);
  const fewer = [feature("new", SWITCH)];
  expect((await update(name, ["features"], { features: fewer })).features).toEqual(fewer);
  expect((await under.admin.getProduct({ name })).product!.features).toEqual(fewer);
  expect((await update(name, ["features"], { features: [] })).features).toEqual([]);
});

test("features that a license or an edition names are renamed and reordered", async () => {
  const features = studio.features.map((each) => ({ ...each, displayName: `New ${each.code}` }));
  features.reverse();
  features.push(feature("late"));
  expect((await update(studio.name, ["features"], { features })).features).toEqual(features);
});

test.each([
  ["a license names", "left out", "dataflow", undefined],
  ["a license names", "made a switch", "dataflow", SWITCH],
  ["a license names", "made counted", "diagrams", COUNTED],
  ["an edition names", "left out", "workflow", undefined],
  ["an edition names", "made a switch", "workflow", SWITCH],
] as const)("a feature that %s is not %s", async (_, __, code, kind) => {
  const { product: before } = await under.admin.getProduct({ name: studio.name });
  const features = before!.features
    .filter((each) => each.code !== code || kind !== undefined)
    .map((each) => (each.code === code ? { ...each, kind: kind! } : each));
  const problem = await refusal(tryUpdate(studio.name, ["features"], { features }));
  expect(problem).toMatchObject({ reason: "FEATURE_IN_USE", metadata: { feature: code } });
  expect((await under.admin.getProduct({ name: studio.name })).product).toEqual(before);
});

test("whoever saw an older revision is told the current one", async () => {
  const { name } = await create();
  await update(name, ["display_name"], { displayName: "Second" }, 1n);
  const late = tryUpdate(name, ["display_name"], { displayName: "Late" }, 1n);
  expect(await refusal(late)).toMatchObject({
    reason: "REVISION_CONFLICT",
    metadata: { revision: "2" },
  });
});

test("of many who change one revision at the same time, one does", async () => {
  const { name } = await create();
  const changes = Array.from({ length: 8 }, (_, index) =>
    tryUpdate(name, ["display_name"], { displayName: `By ${index}` }, 1n),
  );
  const settled = await Promise.allSettled(changes);
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await under.admin.getProduct({ name })).product!.revision).toBe(2n);
});

test("a feature is taken away, or a license names it, but never both", async () => {
  const customer = await createCustomer(under.admin);
  for (let round = 0; round < 5; round += 1) {
    const { name } = await create({ features: [feature("one")] });
    const terms = wireTerms({ features: [{ feature: "one" }] });
    const calls = [
      tryUpdate(name, ["features"], { features: [feature("one", COUNTED)] }),
      issueLicense(under.admin, customer.name, wireLicense({ product: name, terms })),
    ];
    const settled = await Promise.allSettled(calls);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const lost = calls[settled.findIndex(({ status }) => status === "rejected")];
    expect(["FEATURE_IN_USE", "INVALID_REQUEST"]).toContain((await refusal(lost!)).reason);
  }
});

test("a repeated update has no further effect", async () => {
  const { name } = await create();
  const product = { displayName: "Once" };
  const request = { requestId: requestId(), name, updateMask: ["display_name"], product };
  const first = await catalogue.updateProduct(request);
  expect(await catalogue.updateProduct(request)).toEqual(first);
  expect((await under.admin.getProduct({ name })).product!.revision).toBe(2n);
});

test("a product that is not there is not found", async () => {
  const call = tryUpdate("products/none", ["display_name"], { displayName: "X" });
  expect((await refusal(call)).reason).toBe("NOT_FOUND");
});

const BAD_FACTS: [string, PartialMessage<issuer.Product>, string, string][] = [
  ["no name", { displayName: "" }, "display_name", "display_name"],
  [
    "a sales contact of 201 letters",
    { salesContact: "a".repeat(201) },
    "sales_contact",
    "sales_contact",
  ],
  [
    "a help contact of 201 letters",
    { helpContact: "a".repeat(201) },
    "help_contact",
    "help_contact",
  ],
  ["a help contact with a line end", { helpContact: "a\nb" }, "help_contact", "help_contact"],
  ["a feature twice", { features: [feature("x"), feature("x")] }, "features", "features"],
  ["a feature code with a space", { features: [feature("x y")] }, "features", "features[0].code"],
  [
    "a feature without a name",
    { features: [feature("x", SWITCH, "")] },
    "features",
    "features[0].display_name",
  ],
  [
    "a kind of its own",
    { features: [feature("x", 9 as issuer.FeatureKind)] },
    "features",
    "features[0].kind",
  ],
  [
    "an oldest version that is none",
    { versionPolicy: { supported: { oldest: "v4" } } },
    "version_policy",
    "version_policy.supported.oldest",
  ],
  [
    "a newest version that is none",
    { versionPolicy: { supported: { newest: "1.2.3.4" } } },
    "version_policy",
    "version_policy.supported.newest",
  ],
  [
    "versions that end before they begin",
    { versionPolicy: { supported: { oldest: "5", newest: "4" } } },
    "version_policy",
    "version_policy.supported",
  ],
  [
    "a tolerance of its own",
    { versionPolicy: { tolerance: 9 as issuer.VersionTolerance } },
    "version_policy",
    "version_policy.tolerance",
  ],
];

test.each(BAD_FACTS)("a product with %s is neither created nor becomes so", async (_, ...bad) => {
  const [change, path, field] = bad;
  expect(await refusedFields(create(change))).toEqual([`product.${field}`]);
  expect(await refusedFields(tryUpdate(studio.name, [path], change))).toEqual([`product.${field}`]);
});

test.each<[string, PartialMessage<issuer.UpdateProductRequest>, string[]]>([
  ["no name", { name: "" }, ["name"]],
  ["the name of an edition", { name: "products/studio/editions/x" }, ["name"]],
  ["no request id", { requestId: "" }, ["request_id"]],
  ["a revision below zero", { expectedRevision: -1n }, ["expected_revision"]],
  ["no product", { product: undefined }, ["product"]],
  ["no mask", { updateMask: undefined }, ["update_mask"]],
  ["an empty mask", { updateMask: [] }, ["update_mask"]],
  ["a mask that names what is output only", { updateMask: ["revision"] }, ["update_mask"]],
  ["a mask that names one field twice", { updateMask: ["features", "features"] }, ["update_mask"]],
  ["a why of 501 letters", { why: "a".repeat(501) }, ["why"]],
  [
    "nothing right",
    { requestId: "x", name: "x", expectedRevision: -1n, product: {}, updateMask: ["display_name"] },
    ["request_id", "name", "expected_revision", "product.display_name"],
  ],
])("an update with %s is refused", async (_, change, fields) => {
  const good = { requestId: requestId(), name: studio.name, updateMask: ["display_name"] };
  const request = { ...good, product: { displayName: "X" }, ...change };
  expect(await refusedFields(catalogue.updateProduct(request))).toEqual(fields);
});

test("products are listed, the newest at the front, filtered, ordered, and in pages", async () => {
  const tag = requestId();
  const made: string[] = [];
  for (const letter of ["b", "a", "c"]) {
    clock.advance(1_000);
    made.push((await create({ displayName: `${letter} ${tag}` })).name);
  }
  const [b, a, c] = made;
  const filter = `display_name:"${tag}"`;
  const listed = async (asked: PartialMessage<issuer.ListProductsRequest>) =>
    (await catalogue.listProducts({ filter, ...asked })).products.map(({ name }) => name);
  expect(await listed({})).toEqual([c, a, b]);
  expect(await listed({ orderBy: "display_name" })).toEqual([a, b, c]);
  const first = await catalogue.listProducts({ filter, pageSize: 2 });
  expect(first.products.map(({ name }) => name)).toEqual([c, a]);
  expect(first.products[0]).toEqual((await under.admin.getProduct({ name: c! })).product);
  const pageToken = first.nextPageToken;
  expect(await listed({ pageSize: 2, pageToken })).toEqual([b]);
  const since = first.products[1]!.createTime!.toISOString();
  expect(await listed({ filter: `${filter} AND create_time >= "${since}"` })).toEqual([c, a]);
  expect(await refusedFields(listed({ pageToken, filter: "" }))).toEqual(["page_token"]);
});

test.each<[string, PartialMessage<issuer.ListProductsRequest>, string]>([
  ["a page size below zero", { pageSize: -1 }, "page_size"],
  ["a token that is none", { pageToken: "x" }, "page_token"],
  ["a filter by what is no field", { filter: 'sales_contact = "x"' }, "filter"],
  ["an order by what is no field", { orderBy: "revision" }, "order_by"],
])("a list of products with %s is refused", async (_, request, field) => {
  expect(await refusedFields(catalogue.listProducts(request))).toEqual([field]);
});
