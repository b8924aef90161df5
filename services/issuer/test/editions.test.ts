import { issuer, LicenseTerms, type PartialMessage } from "@leasehold/contracts";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CatalogueClient } from "./catalogue-under-test.ts";
import {
  createEdition,
  templateTerms,
  updateEdition,
  wireEdition,
} from "./catalogue-under-test.ts";
import {
  createStudio,
  END,
  issuerUnderTest,
  requestId,
  START,
  wireGroup,
  wirePolicy,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { refusal, refusedFields } from "./refusal.ts";

const clock = manualClock();
let under: IssuerUnderTest;
let catalogue: CatalogueClient;
/** An edition of `studio` that no test changes. */
let team: issuer.Edition;

beforeAll(async () => {
  under = await issuerUnderTest({ clock });
  catalogue = under.of(issuer.CatalogueServiceDefinition, "admin");
  await createStudio(under.admin);
  team = await createEdition(catalogue, {}, "team");
});
afterAll(() => under[Symbol.asyncDispose]());

function tryCreate(change: PartialMessage<issuer.CreateEditionRequest> = {}) {
  const editionId = `e-${requestId()}`;
  const good = { requestId: requestId(), parent: "products/studio", editionId };
  return catalogue.createEdition({ ...good, edition: wireEdition(), ...change });
}

test("an edition is created and read, with all of its terms", async () => {
  const terms = templateTerms({
    features: [{ feature: "diagrams", limit: 9_007_199_254_740_991n, seats: 2 }],
    seatPolicy: wirePolicy({ groups: [wireGroup({ users: ["ada"], reservedSeats: 1 })] }),
    leaseTimes: { validity: { seconds: 60n, nanos: 0 }, grace: { seconds: 5n, nanos: 0 } },
  });
  const facts = { displayName: "Large", terms, termDays: 36_500, maintenanceDays: 365 };
  const edition = await createEdition(catalogue, facts, "large");
  expect(edition).toMatchObject({
    name: "products/studio/editions/large",
    displayName: "Large",
    termDays: 36_500,
    maintenanceDays: 365,
    retired: false,
    revision: 1n,
    createTime: new Date(clock.now()),
    updateTime: new Date(clock.now()),
  });
  const { features, seatPolicy, leaseTimes, startTime, endTime } = edition.terms!;
  expect({ features, seatPolicy, leaseTimes }).toEqual({
    features: terms.features,
    seatPolicy: terms.seatPolicy,
    leaseTimes: terms.leaseTimes,
  });
  expect([startTime, endTime, edition.terms!.maintenanceEndTime]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await catalogue.getEdition({ name: edition.name })).toEqual({ edition });
});

test("an edition's id is given once in a product, and again in another one", async () => {
  expect((await refusal(tryCreate({ editionId: "team" }))).reason).toBe("ALREADY_EXISTS");
  const product = { displayName: "Other", features: [] };
  await under.admin.createProduct({ requestId: requestId(), productId: "other", product });
  const edition = wireEdition({ terms: templateTerms({ features: [] }) });
  const other = await tryCreate({ editionId: "team", parent: "products/other", edition });
  expect(other.edition!.name).toBe("products/other/editions/team");
});

test("an update changes what the mask names, and nothing else", async () => {
  const before = await createEdition(catalogue);
  clock.advance(1_000);
  const change = { displayName: "New", termDays: 30, retired: true, maintenanceDays: 7 };
  const edition = await updateEdition(
    catalogue,
    before.name,
    ["display_name", "term_days"],
    change,
  );
  expect(edition).toEqual({
    ...before,
    displayName: "New",
    termDays: 30,
    revision: 2n,
    updateTime: new Date(clock.now()),
  });
  expect(await catalogue.getEdition({ name: before.name })).toEqual({ edition });
});

test("terms change as a whole", async () => {
  const { name } = await createEdition(catalogue, {
    terms: templateTerms({ seatPolicy: wirePolicy() }),
  });
  const terms = templateTerms({ seats: 9, features: [{ feature: "workflow" }] });
  const changed = await updateEdition(catalogue, name, ["terms"], { terms });
  expect(changed.terms).toMatchObject({ seats: 9, features: [{ feature: "workflow" }] });
  expect(changed.terms!.seatPolicy!.groups).toEqual([]);
});

test("an edition is retired, and comes back", async () => {
  const { name } = await createEdition(catalogue);
  expect((await updateEdition(catalogue, name, ["retired"], { retired: true })).retired).toBe(true);
  const back = await updateEdition(catalogue, name, ["retired"], { retired: false });
  expect(back).toMatchObject({ retired: false, revision: 3n });
});

test("whoever saw an older revision is told the current one", async () => {
  const { name } = await createEdition(catalogue);
  await updateEdition(catalogue, name, ["term_days"], { termDays: 2 }, 1n);
  const late = updateEdition(catalogue, name, ["term_days"], { termDays: 3 }, 1n);
  expect(await refusal(late)).toMatchObject({
    reason: "REVISION_CONFLICT",
    metadata: { revision: "2" },
  });
});

test("of many who change one revision at the same time, one does", async () => {
  const { name } = await createEdition(catalogue);
  const changes = Array.from({ length: 8 }, (_, index) =>
    updateEdition(catalogue, name, ["term_days"], { termDays: index + 2 }, 1n),
  );
  const settled = await Promise.allSettled(changes);
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await catalogue.getEdition({ name })).edition!.revision).toBe(2n);
});

test("a feature that an edition gave up may be left out of the product", async () => {
  const product = { displayName: "Given up", features: [{ code: "a", displayName: "A" }] };
  await under.admin.createProduct({ requestId: requestId(), productId: "given-up", product });
  const parent = "products/given-up";
  const terms = templateTerms({ features: [{ feature: "a" }] });
  const { edition } = await tryCreate({ parent, edition: wireEdition({ terms }) });
  const leaveOut = () =>
    catalogue.updateProduct({
      requestId: requestId(),
      name: parent,
      updateMask: ["features"],
      product: { features: [] },
    });
  expect((await refusal(leaveOut())).reason).toBe("FEATURE_IN_USE");
  const none = templateTerms({ features: [] });
  await updateEdition(catalogue, edition!.name, ["terms"], { terms: none });
  expect((await leaveOut()).product!.features).toEqual([]);
});

test("what is not there is not found", async () => {
  const edition = wireEdition();
  const name = "products/studio/editions/none";
  const calls = [
    tryCreate({ parent: "products/none", edition }),
    catalogue.getEdition({ name }),
    updateEdition(catalogue, name, ["retired"], {}),
    updateEdition(catalogue, "products/none/editions/team", ["retired"], {}),
    catalogue.listEditions({ parent: "products/none" }),
  ];
  const refused = await Promise.all(calls.map(refusal));
  expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(["NOT_FOUND"]));
});

const NOT_ITS_FEATURE = templateTerms({ features: [{ feature: "teleport" }] });
const BAD_FACTS: [string, PartialMessage<issuer.Edition>, string, string][] = [
  ["no name", { displayName: "" }, "display_name", "display_name"],
  ["a name of 201 letters", { displayName: "a".repeat(201) }, "display_name", "display_name"],
  ["a term of no day", { termDays: 0 }, "term_days", "term_days"],
  ["a term of 36,501 days", { termDays: 36_501 }, "term_days", "term_days"],
  ["maintenance below zero", { maintenanceDays: -1 }, "maintenance_days", "maintenance_days"],
  [
    "maintenance of 36,501 days",
    { maintenanceDays: 36_501 },
    "maintenance_days",
    "maintenance_days",
  ],
  ["no seat", { terms: templateTerms({ seats: 0 }) }, "terms", "terms.seats"],
  ["no model", { terms: templateTerms({ model: 0 }) }, "terms", "terms.model"],
  ["a start", { terms: templateTerms({ startTime: START }) }, "terms", "terms.start_time"],
  ["an end", { terms: templateTerms({ endTime: END }) }, "terms", "terms.end_time"],
  [
    "an end of maintenance",
    { terms: templateTerms({ maintenanceEndTime: END }) },
    "terms",
    "terms.maintenance_end_time",
  ],
  ["another product's feature", { terms: NOT_ITS_FEATURE }, "terms", "terms.features[0].feature"],
  [
    "a validity under 3 s",
    { terms: templateTerms({ leaseTimes: { validity: { seconds: 2n, nanos: 0 } } }) },
    "terms",
    "terms.lease_times.validity",
  ],
  [
    "groups that keep more seats than there are",
    {
      terms: templateTerms({
        seatPolicy: wirePolicy({ groups: [wireGroup({ reservedSeats: 4 })] }),
      }),
    },
    "terms",
    "terms.seat_policy.groups[0].reserved_seats",
  ],
];

test.each(BAD_FACTS)("an edition with %s is neither created nor becomes so", async (_, ...bad) => {
  const [change, path, field] = bad;
  const edition = wireEdition(change);
  expect(await refusedFields(tryCreate({ edition }))).toEqual([`edition.${field}`]);
  const updating = updateEdition(catalogue, team.name, [path], change);
  expect(await refusedFields(updating)).toEqual([`edition.${field}`]);
});

test("an edition gives a limit to what is counted, and none to a switch", async () => {
  const { COUNTED, SWITCH } = issuer.FeatureKind;
  const features = [
    { code: "on", displayName: "On", kind: SWITCH },
    { code: "many", displayName: "Many", kind: COUNTED },
  ];
  const product = { displayName: "Kinds", features };
  await under.admin.createProduct({ requestId: requestId(), productId: "kinds", product });
  const create = (granted: NonNullable<PartialMessage<LicenseTerms>["features"]>) =>
    tryCreate({
      parent: "products/kinds",
      edition: wireEdition({
        terms: LicenseTerms.fromPartial({ ...templateTerms(), features: granted }),
      }),
    });
  expect(await refusedFields(create([{ feature: "on", limit: 1n }, { feature: "many" }]))).toEqual([
    "edition.terms.features[0].limit",
    "edition.terms.features[1].limit",
  ]);
  await create([{ feature: "on" }, { feature: "many", limit: 0n }]);
});

test.each<[string, PartialMessage<issuer.CreateEditionRequest>, string[]]>([
  ["no request id", { requestId: "" }, ["request_id"]],
  ["a parent that is no product", { parent: "customers/x" }, ["parent"]],
  ["an id in capitals", { editionId: "Team" }, ["edition_id"]],
  ["an id of 65 letters", { editionId: "a".repeat(65) }, ["edition_id"]],
  ["no edition", { edition: undefined }, ["edition"]],
  ["no terms", { edition: { displayName: "X", termDays: 1 } }, ["edition.terms"]],
])("creating an edition with %s is refused", async (_, change, fields) => {
  expect(await refusedFields(tryCreate(change))).toEqual(fields);
});

test.each<[string, PartialMessage<issuer.UpdateEditionRequest>, string[]]>([
  ["no request id", { requestId: "" }, ["request_id"]],
  ["the name of a product", { name: "products/studio" }, ["name"]],
  ["a revision below zero", { expectedRevision: -1n }, ["expected_revision"]],
  ["no edition", { edition: undefined }, ["edition"]],
  ["no mask", { updateMask: undefined }, ["update_mask"]],
  ["a mask that names what is output only", { updateMask: ["create_time"] }, ["update_mask"]],
  ["a mask below the terms", { updateMask: ["terms.seats"] }, ["update_mask"]],
  ["a why of 501 letters", { why: "a".repeat(501) }, ["why"]],
])("updating an edition with %s is refused", async (_, change, fields) => {
  const good = { requestId: requestId(), name: team.name, updateMask: ["display_name"] };
  const request = { ...good, edition: wireEdition(), ...change };
  expect(await refusedFields(catalogue.updateEdition(request))).toEqual(fields);
});

test.each(["", "products/studio", "products/studio/editions/", "products/studio/editions/X"])(
  "%j is no edition's name",
  async (name) => {
    expect(await refusedFields(catalogue.getEdition({ name }))).toEqual(["name"]);
  },
);

test("the editions of a product are listed, the newest at the front, filtered, ordered, in pages", async () => {
  const product = { displayName: "Listed", features: [] };
  await under.admin.createProduct({ requestId: requestId(), productId: "listed", product });
  const parent = "products/listed";
  const terms = templateTerms({ features: [] });
  const made: string[] = [];
  for (const [displayName, retired] of [
    ["B", false],
    ["A", true],
    ["C", false],
  ] as const) {
    clock.advance(1_000);
    const { edition } = await tryCreate({
      parent,
      edition: { displayName, terms, termDays: 1, retired },
    });
    made.push(edition!.name);
  }
  const [b, a, c] = made;
  const listed = async (asked: PartialMessage<issuer.ListEditionsRequest>) =>
    (await catalogue.listEditions({ parent, ...asked })).editions.map(({ name }) => name);
  expect(await listed({})).toEqual([c, a, b]);
  expect(await listed({ orderBy: "display_name" })).toEqual([a, b, c]);
  expect(await listed({ filter: "retired = false" })).toEqual([c, b]);
  const first = await catalogue.listEditions({ parent, pageSize: 2 });
  expect(first.editions[0]).toEqual((await catalogue.getEdition({ name: c! })).edition);
  const pageToken = first.nextPageToken;
  expect(await listed({ pageSize: 2, pageToken })).toEqual([b]);
  expect(await refusedFields(listed({ parent: "products/studio", pageToken }))).toEqual([
    "page_token",
  ]);
});

test.each<[string, PartialMessage<issuer.ListEditionsRequest>, string]>([
  ["a parent that is no product", { parent: "" }, "parent"],
  ["a page size below zero", { pageSize: -1 }, "page_size"],
  ["a token that is none", { pageToken: "x" }, "page_token"],
  ["a filter by what is no field", { filter: "term_days = 1" }, "filter"],
  ["an order by what is no field", { orderBy: "retired" }, "order_by"],
])("a list of editions with %s is refused", async (_, change, field) => {
  const call = catalogue.listEditions({ parent: "products/studio", ...change });
  expect(await refusedFields(call)).toEqual([field]);
});
