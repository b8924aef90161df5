import { issuer, type PartialMessage } from "@leasehold/contracts";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CatalogueClient } from "./catalogue-under-test.ts";
import { createEdition, templateTerms, updateEdition } from "./catalogue-under-test.ts";
import {
  createCustomer,
  createStudio,
  issueLicense,
  issuerUnderTest,
  LICENSEE,
  requestId,
  wireGroup,
  wireLicense,
  wirePolicy,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { refusal, refusedFields } from "./refusal.ts";

const DAY_MS = 86_400_000;
const clock = manualClock();
let under: IssuerUnderTest;
let catalogue: CatalogueClient;
let parent: string;
/** Three seats, `dataflow` and `diagrams`, for 365 days. */
let team: issuer.Edition;

beforeAll(async () => {
  under = await issuerUnderTest({ clock });
  catalogue = under.of(issuer.CatalogueServiceDefinition, "admin");
  await createStudio(under.admin);
  parent = (await createCustomer(under.admin)).name;
  team = await createEdition(catalogue, {}, "team");
});
afterAll(() => under[Symbol.asyncDispose]());

function tryIssue(edition: string, change: PartialMessage<issuer.IssueLicenseRequest> = {}) {
  const license = { product: "products/studio", licensee: LICENSEE };
  return under.admin.issueLicense({ requestId: requestId(), parent, edition, license, ...change });
}

async function issue(...given: Parameters<typeof tryIssue>): Promise<issuer.License> {
  return (await tryIssue(...given)).license!;
}

/** A license of `studio` with these terms. */
function withTerms(terms: NonNullable<PartialMessage<issuer.License>["terms"]>) {
  return { product: "products/studio", licensee: LICENSEE, terms };
}

test("a license is issued by an edition: its terms, from now, for its days", async () => {
  const license = await issue(team.name);
  expect(license).toMatchObject({
    edition: team.name,
    editionRevision: 1n,
    terms: {
      ...team.terms,
      startTime: new Date(clock.now()),
      endTime: new Date(clock.now() + 365 * DAY_MS),
    },
  });
  expect((await under.admin.getLicense({ name: license.name })).license).toEqual(license);
});

test("a license that is issued by no edition says so", async () => {
  const license = await issueLicense(under.admin, parent);
  expect(license).toMatchObject({ edition: "", editionRevision: 0n });
});

test("terms that the mask names stand in place of the edition's, and no others", async () => {
  const terms = { seats: 7, features: [{ feature: "workflow" }], seatPolicy: wirePolicy() };
  const license = withTerms(terms);
  const issued = await issue(team.name, { license, termsMask: ["seats", "features"] });
  expect(issued.terms).toMatchObject({ seats: 7, features: [{ feature: "workflow" }] });
  expect(issued.terms!.seatPolicy).toEqual(team.terms!.seatPolicy);
});

test("the term begins where the mask says, and ends by its days unless the mask says that too", async () => {
  const startTime = new Date("2031-03-01T00:00:00Z");
  const endTime = new Date("2031-03-02T00:00:00Z");
  const license = withTerms({ startTime, endTime });
  const begun = await issue(team.name, { license, termsMask: ["start_time"] });
  expect(begun.terms).toMatchObject({
    startTime,
    endTime: new Date(startTime.getTime() + 365 * DAY_MS),
  });
  const both = await issue(team.name, { license, termsMask: ["start_time", "end_time"] });
  expect(both.terms).toMatchObject({ startTime, endTime });
});

test("new versions are included for the edition's days from the start, unless the mask says until when", async () => {
  const { name } = await createEdition(catalogue, { maintenanceDays: 30 });
  const startTime = new Date("2031-03-01T00:00:00Z");
  const maintenanceEndTime = new Date("2031-03-08T00:00:00Z");
  const license = withTerms({ startTime, maintenanceEndTime });
  const termsMask = ["start_time"];
  expect((await issue(name, { license, termsMask })).terms!.maintenanceEndTime).toEqual(
    new Date(startTime.getTime() + 30 * DAY_MS),
  );
  termsMask.push("maintenance_end_time");
  expect((await issue(name, { license, termsMask })).terms!.maintenanceEndTime).toEqual(
    maintenanceEndTime,
  );
  expect((await issue(team.name)).terms!.maintenanceEndTime).toBeUndefined();
});

test("a license by an edition is given to be tried if the edition or the mask says so", async () => {
  const trial = await createEdition(catalogue, { terms: templateTerms({ trial: true }) });
  expect((await issue(trial.name)).terms!.trial).toBe(true);
  const license = withTerms({ trial: true });
  expect((await issue(team.name, { license, termsMask: ["trial"] })).terms!.trial).toBe(true);
  expect((await issue(team.name)).terms!.trial).toBe(false);
});

test("a license that another customer takes over keeps its edition, even a retired one", async () => {
  const { name: edition } = await createEdition(catalogue);
  const { name } = await issue(edition);
  await updateEdition(catalogue, edition, ["retired"], { retired: true });
  const customer = (await createCustomer(under.admin)).name;
  const transferring = under
    .of(issuer.LicenseServiceDefinition, "admin")
    .transferLicense({ requestId: requestId(), name, customer });
  expect((await transferring).license).toMatchObject({
    edition,
    editionRevision: 1n,
    transferredFrom: name,
  });
});

test("a license keeps its terms and its edition whatever becomes of the edition", async () => {
  const { name } = await createEdition(catalogue);
  const license = await issue(name);
  const change = { displayName: "Other", terms: templateTerms({ seats: 99, features: [] }) };
  const mask = ["display_name", "terms", "term_days", "retired"];
  await updateEdition(catalogue, name, mask, { ...change, termDays: 1, retired: true });
  expect((await under.admin.getLicense({ name: license.name })).license).toEqual(license);
  await updateEdition(catalogue, name, ["retired"], { retired: false });
  expect(await issue(name)).toMatchObject({ editionRevision: 3n, terms: { seats: 99 } });
  const amended = await under.admin.amendLicense({
    requestId: requestId(),
    name: license.name,
    terms: wireTerms({ seats: 4 }),
    updateMask: ["seats"],
  });
  expect(amended.license).toMatchObject({ edition: name, editionRevision: 1n, revision: 2n });
});

test("no license is issued by a retired edition", async () => {
  const { name } = await createEdition(catalogue, { retired: true });
  expect((await refusal(tryIssue(name))).reason).toBe("EDITION_RETIRED");
});

test("an edition that is retired meanwhile issues no license of the revision that retired it", async () => {
  const told = (call: ReturnType<typeof tryIssue>) =>
    call.then(
      ({ license }) => `issued by revision ${license!.editionRevision}`,
      async () => (await refusal(call)).reason,
    );
  for (let round = 0; round < 5; round += 1) {
    const { name } = await createEdition(catalogue);
    const calls = Array.from({ length: 4 }, () => told(tryIssue(name)));
    const retiring = updateEdition(catalogue, name, ["retired"], { retired: true });
    const answers = await Promise.all(calls);
    await retiring;
    expect(["issued by revision 1", "EDITION_RETIRED"]).toEqual(expect.arrayContaining(answers));
    expect((await refusal(tryIssue(name))).reason).toBe("EDITION_RETIRED");
  }
});

test("a license gives a limit to what is counted and none to a switch, issued or amended", async () => {
  const { COUNTED, SWITCH } = issuer.FeatureKind;
  const features = [
    { code: "on", displayName: "On", kind: SWITCH },
    { code: "many", displayName: "Many", kind: COUNTED },
  ];
  const request = { requestId: requestId(), productId: "kinds" };
  await under.admin.createProduct({ ...request, product: { displayName: "Kinds", features } });
  const product = "products/kinds";
  const good = wireTerms({ features: [{ feature: "on" }, { feature: "many", limit: 3n }] });
  const bad = wireTerms({ features: [{ feature: "on", limit: 1n }, { feature: "many" }] });
  const issuing = (terms: typeof good) =>
    issueLicense(under.admin, parent, wireLicense({ product, terms }));
  expect(await refusedFields(issuing(bad))).toEqual([
    "license.terms.features[0].limit",
    "license.terms.features[1].limit",
  ]);
  const { name } = await issuing(good);
  const updateMask = ["features"];
  const amending = (terms: typeof good) =>
    under.admin.amendLicense({ requestId: requestId(), name, terms, updateMask });
  expect(await refusedFields(amending(bad))).toEqual([
    "terms.features[0].limit",
    "terms.features[1].limit",
  ]);
  await amending(good);
});

test("a repeated call issues nothing again, though the edition was retired meanwhile", async () => {
  const { name } = await createEdition(catalogue);
  const id = requestId();
  const first = await tryIssue(name, { requestId: id });
  await updateEdition(catalogue, name, ["retired"], { retired: true });
  expect(await tryIssue(name, { requestId: id })).toEqual(first);
});

test("an edition that is not there is refused", async () => {
  expect(await refusedFields(tryIssue("products/studio/editions/none"))).toEqual(["edition"]);
});

test.each<[string, PartialMessage<issuer.IssueLicenseRequest>, string[]]>([
  ["a name that is no edition's", { edition: "products/studio" }, ["edition"]],
  ["an edition of another product", { edition: "products/other/editions/team" }, ["edition"]],
  ["no product", { license: { licensee: LICENSEE } }, ["license.product"]],
  ["a mask but no terms", { termsMask: ["seats"] }, ["license.terms"]],
  ["a mask that names no term", { license: withTerms({}), termsMask: ["x"] }, ["terms_mask"]],
  ["a mask that names the model", { license: withTerms({}), termsMask: ["model"] }, ["terms_mask"]],
  ["no seat", { license: withTerms({ seats: 0 }), termsMask: ["seats"] }, ["license.terms.seats"]],
  [
    "another product's feature",
    { license: withTerms({ features: [{ feature: "teleport" }] }), termsMask: ["features"] },
    ["license.terms.features[0].feature"],
  ],
  [
    "a start that leaves no years for its days",
    {
      license: withTerms({ startTime: new Date("9999-12-01T00:00:00Z") }),
      termsMask: ["start_time"],
    },
    ["license.terms.end_time"],
  ],
  [
    "maintenance that ends before its start",
    {
      license: withTerms({ maintenanceEndTime: new Date("2000-01-01T00:00:00Z") }),
      termsMask: ["maintenance_end_time"],
    },
    ["license.terms.maintenance_end_time"],
  ],
  [
    "an end before its start",
    { license: withTerms({ endTime: new Date("2000-01-01T00:00:00Z") }), termsMask: ["end_time"] },
    ["license.terms.end_time"],
  ],
])("issuing by an edition with %s is refused", async (_, change, fields) => {
  expect(await refusedFields(tryIssue(team.name, change))).toEqual(fields);
});

test("seats that are too few for the edition's groups are refused", async () => {
  const groups = [wireGroup({ reservedSeats: 2 })];
  const terms = templateTerms({ seatPolicy: wirePolicy({ groups }) });
  const { name } = await createEdition(catalogue, { terms });
  const license = withTerms({ seats: 1 });
  const call = tryIssue(name, { license, termsMask: ["seats"] });
  expect(await refusedFields(call)).toEqual(["license.terms.seats"]);
});

test("a mask needs an edition", async () => {
  const call = tryIssue("", { license: withTerms(wireTerms()), termsMask: ["seats"] });
  expect(await refusedFields(call)).toEqual(["terms_mask"]);
});
