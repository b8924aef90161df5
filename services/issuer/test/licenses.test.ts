import { durationFromMs, LicenseModel, LicenseState } from "@leasehold/contracts";
import type { issuer } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  END,
  issueLicense,
  LICENSEE,
  requestId,
  START,
  startIssuer,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { migratedPostgres } from "./migrated-postgres.ts";
import type { MigratedPostgres } from "./migrated-postgres.ts";
import { refusal, refusedFields } from "./refusal.ts";

let database: MigratedPostgres;
let under: IssuerUnderTest;
let parent: string;

beforeAll(async () => {
  database = await migratedPostgres();
  under = await startIssuer(database.url);
  parent = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
});
afterAll(async () => {
  await under[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function issue(change: Partial<issuer.License> = {}, owner = parent) {
  return issueLicense(under.admin, owner, wireLicense(change));
}

function amend(
  name: string,
  updateMask: string[],
  change: Parameters<typeof wireTerms>[0],
  expectedRevision = 0n,
) {
  const terms = wireTerms({ seats: -1, startTime: undefined, endTime: undefined, ...change });
  return under.admin.amendLicense({
    requestId: requestId(),
    name,
    expectedRevision,
    terms,
    updateMask,
  });
}

type Simple = "suspendLicense" | "resumeLicense" | "revokeLicense";
function change(method: Simple, name: string, expectedRevision = 0n) {
  return under.admin[method]({ requestId: requestId(), name, expectedRevision });
}

test("a license is issued and read, the lease times that were left out filled in", async () => {
  const license = await issue();
  expect(license).toMatchObject({
    revision: 1n,
    state: LicenseState.ACTIVE,
    product: "products/studio",
    licensee: LICENSEE,
    terms: {
      model: LicenseModel.FLOATING,
      seats: 3,
      features: [{ feature: "dataflow" }, { feature: "diagrams", limit: 12n }],
      startTime: START,
      endTime: END,
      leaseTimes: { validity: durationFromMs(45_000), grace: durationFromMs(10_000) },
    },
  });
  expect(license.terms?.features[0]?.limit).toBeUndefined();
  expect(license.name.startsWith(`${parent}/licenses/`)).toBe(true);
  expect(await under.admin.getLicense({ name: license.name })).toEqual({ license });
});

test("lease times are kept as given, at both ends of what they may be", async () => {
  for (const [validityMs, graceMs] of [
    [3_000, 1_000],
    [3_600_000, 60_000],
  ] as const) {
    const leaseTimes = { validity: durationFromMs(validityMs), grace: durationFromMs(graceMs) };
    expect((await issue({ terms: wireTerms({ leaseTimes }) })).terms?.leaseTimes).toEqual(
      leaseTimes,
    );
  }
});

test.each<[string, Parameters<typeof wireTerms>[0], string]>([
  ["no model", { model: LicenseModel.UNSPECIFIED }, "model"],
  ["a model of another contract", { model: 99 as 1 }, "model"],
  ["no seats", { seats: 0 }, "seats"],
  ["seats -1", { seats: -1 }, "seats"],
  ["more than a million seats", { seats: 1_000_001 }, "seats"],
  ["2^31 - 1 seats", { seats: 2 ** 31 - 1 }, "seats"],
  ["no start", { startTime: undefined }, "start_time"],
  ["a start before 1970", { startTime: new Date(-1) }, "start_time"],
  ["no end", { endTime: undefined }, "end_time"],
  ["an end after the year 9999", { endTime: new Date("+010000-01-01T00:00:00Z") }, "end_time"],
  ["an end before its start", { startTime: END, endTime: START }, "end_time"],
  ["an end at its start", { endTime: START }, "end_time"],
  [
    "an unknown feature",
    { features: [{ feature: "dataflow" }, { feature: "teleport" }] },
    "features[1].feature",
  ],
  ["a feature called __proto__", { features: [{ feature: "__proto__" }] }, "features[0].feature"],
  [
    "a feature called constructor",
    { features: [{ feature: "constructor" }] },
    "features[0].feature",
  ],
  ["a feature twice", { features: [{ feature: "dataflow" }, { feature: "dataflow" }] }, "features"],
  ["a limit below zero", { features: [{ feature: "dataflow", limit: -1n }] }, "features[0].limit"],
  [
    "a limit of 2^63 - 1",
    { features: [{ feature: "dataflow", limit: 2n ** 63n - 1n }] },
    "features[0].limit",
  ],
  [
    "a validity under 3 s",
    { leaseTimes: { validity: durationFromMs(2_999), grace: undefined } },
    "lease_times.validity",
  ],
  [
    "a validity over 1 h",
    { leaseTimes: { validity: durationFromMs(3_600_001), grace: undefined } },
    "lease_times.validity",
  ],
  [
    "a grace under 1 s",
    { leaseTimes: { validity: undefined, grace: durationFromMs(999) } },
    "lease_times.grace",
  ],
  [
    "a grace over 1 min",
    { leaseTimes: { validity: undefined, grace: durationFromMs(60_001) } },
    "lease_times.grace",
  ],
])("a license with %s is refused, and so is such an amendment", async (_, terms, field) => {
  const issuing = issue({ terms: wireTerms(terms) });
  expect(await refusedFields(issuing)).toEqual([`license.terms.${field}`]);
  if (field === "model") return;
  const { name } = await issue();
  const mask = ["seats", "features", "start_time", "end_time", "lease_times"];
  const amendment = amend(name, mask, { ...wireTerms(), ...terms });
  expect(await refusedFields(amendment)).toEqual([`terms.${field}`]);
  expect((await under.admin.getLicense({ name })).license?.revision).toBe(1n);
});

test.each<[string, Partial<issuer.License>, string]>([
  ["an unknown product", { product: "products/none" }, "license.product"],
  ["a product that is no name", { product: "studio" }, "license.product"],
  ["no licensee", { licensee: undefined }, "license.licensee"],
  ["a blank licensee", { licensee: { name: " ", organization: "Acme" } }, "license.licensee.name"],
  ["no terms", { terms: undefined }, "license.terms"],
])("a license of %s is refused", async (_, license, field) => {
  expect(await refusedFields(issue(license))).toEqual([field]);
});

test("a license of no customer is refused", async () => {
  expect(await refusedFields(issue({}, "customers/acme"))).toEqual(["parent"]);
  expect((await refusal(issue({}, `customers/${requestId()}`))).reason).toBe("NOT_FOUND");
});

test("an amendment changes what its mask names and nothing else", async () => {
  const { name, terms } = await issue();
  const { license } = await amend(name, ["seats"], { seats: 7, features: [] });
  expect(license).toMatchObject({ revision: 2n, terms: { ...terms, seats: 7 } });
  const features = [{ feature: "workflow" }, { feature: "dataflow", limit: 0n }];
  const again = await amend(name, ["features", "end_time"], {
    features,
    endTime: new Date(END.getTime() + 5),
  });
  expect(again.license).toMatchObject({
    revision: 3n,
    terms: { seats: 7, features, startTime: START, endTime: new Date(END.getTime() + 5) },
  });
  expect(await under.admin.getLicense({ name })).toEqual(again);
});

test("an amendment of the lease times that leaves them out sets the defaults", async () => {
  const leaseTimes = { validity: durationFromMs(3_000), grace: durationFromMs(1_000) };
  const { name } = await issue({ terms: wireTerms({ leaseTimes }) });
  const { license } = await amend(name, ["lease_times"], { leaseTimes: undefined });
  expect(license?.terms?.leaseTimes).toEqual({
    validity: durationFromMs(45_000),
    grace: durationFromMs(10_000),
  });
});

test("an amendment is judged together with the terms that stay", async () => {
  const { name } = await issue();
  expect(await refusedFields(amend(name, ["end_time"], { endTime: START }))).toEqual([
    "terms.end_time",
  ]);
});

test.each([
  ["no path", []],
  ["an unknown path", ["seats", "price"]],
  ["the model", ["model"]],
  ["everything", ["*"]],
  ["a path twice", ["seats", "seats"]],
  ["__proto__", ["__proto__"]],
  ["a path in another spelling", ["startTime"]],
])("an amendment whose mask names %s is refused", async (_, mask) => {
  const { name } = await issue();
  expect(await refusedFields(amend(name, mask, { seats: 4 }))).toEqual(["update_mask"]);
});

test("a license is suspended, amended, resumed and revoked, a revision each", async () => {
  const { name } = await issue();
  const suspended = await change("suspendLicense", name);
  expect(suspended.license).toMatchObject({ revision: 2n, state: LicenseState.SUSPENDED });
  expect((await amend(name, ["seats"], { seats: 9 })).license).toMatchObject({
    state: LicenseState.SUSPENDED,
  });
  const resumed = await change("resumeLicense", name);
  expect(resumed.license).toMatchObject({
    revision: 4n,
    state: LicenseState.ACTIVE,
    terms: { seats: 9 },
  });
  const revoked = await change("revokeLicense", name, 4n);
  expect(revoked.license).toMatchObject({ revision: 5n, state: LicenseState.REVOKED });
  expect(await under.admin.getLicense({ name })).toEqual(revoked);
});

test("a change that the state does not allow is refused, and tells the state", async () => {
  const { name } = await issue();
  const conflict = async (call: Promise<unknown>) => {
    const { reason, metadata } = await refusal(call);
    return `${reason} ${metadata["state"]}`;
  };
  expect(await conflict(change("resumeLicense", name))).toBe("LICENSE_STATE_CONFLICT ACTIVE");
  await change("suspendLicense", name);
  expect(await conflict(change("suspendLicense", name))).toBe("LICENSE_STATE_CONFLICT SUSPENDED");
  await change("revokeLicense", name);
  const conflicts = await Promise.all([
    conflict(change("revokeLicense", name)),
    conflict(change("resumeLicense", name)),
    conflict(change("suspendLicense", name)),
    conflict(amend(name, ["seats"], { seats: 2 })),
  ]);
  expect(conflicts).toEqual(Array(4).fill("LICENSE_STATE_CONFLICT REVOKED"));
});

test("a change on a revision that is no longer the current one is refused, and tells the current one", async () => {
  const { name } = await issue();
  await amend(name, ["seats"], { seats: 4 }, 1n);
  const amendment = refusal(amend(name, ["seats"], { seats: 5 }, 1n));
  const suspension = refusal(change("suspendLicense", name, 3n));
  for (const { reason, metadata } of await Promise.all([amendment, suspension])) {
    expect([reason, metadata["revision"]]).toEqual(["REVISION_CONFLICT", "2"]);
  }
  expect(await refusedFields(change("suspendLicense", name, -1n))).toEqual(["expected_revision"]);
});

test("another customer's license is no license, to whoever reads or changes it", async () => {
  const { name } = await issue();
  const stranger = (await createCustomer(under.admin)).name;
  const foreign = `${stranger}/licenses/${name.split("/")[3]}`;
  const refusals = await Promise.all([
    refusal(under.admin.getLicense({ name: foreign })),
    refusal(change("revokeLicense", foreign)),
    refusal(amend(foreign, ["seats"], { seats: 4 })),
    refusal(under.admin.createProductKey({ requestId: requestId(), parent: foreign })),
  ]);
  expect(refusals.map(({ reason }) => reason)).toEqual(Array(4).fill("NOT_FOUND"));
});

test("every revision has its history: who did what, and what came of it", async () => {
  const { name } = await issue();
  await amend(name, ["seats"], { seats: 4 });
  await change("revokeLicense", name);
  const text = `select revision, subject, action, snapshot->'terms'->>'seats' as seats, snapshot->>'state' as state
    from license_revision where license_id = $1 order by revision`;
  const rows = await database.postgres.query({ text, values: [name.split("/")[3]] });
  expect(rows).toEqual([
    { revision: 1n, subject: "admin", action: "ISSUE", seats: "3", state: "ACTIVE" },
    { revision: 2n, subject: "admin", action: "AMEND", seats: "4", state: "ACTIVE" },
    { revision: 3n, subject: "admin", action: "REVOKE", seats: "4", state: "REVOKED" },
  ]);
});

test("a change that is refused leaves neither a revision nor a trace in the feed", async () => {
  const { name } = await issue();
  const head = () => database.postgres.query({ text: "select revision from feed_head" });
  const before = await head();
  await refusal(change("resumeLicense", name));
  await refusal(amend(name, ["end_time"], { endTime: START }));
  expect(await head()).toEqual(before);
});

test("of 20 requests with one id at a time, one issues a license and all get it", async () => {
  const request = { requestId: requestId(), parent, license: wireLicense() };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => under.admin.issueLicense(request)),
  );
  expect(new Set(answers.map(({ license }) => license!.name)).size).toBe(1);
  const id = answers[0]!.license!.name.split("/")[3];
  const text = "select count(*) as revisions from license_revision where license_id = $1";
  expect(await database.postgres.query({ text, values: [id] })).toEqual([{ revisions: 1n }]);
});

test("of several amendments that saw one revision, exactly one wins", async () => {
  const { name } = await issue();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) => amend(name, ["seats"], { seats: 10 + index }, 1n)),
  );
  const won = outcomes.filter(({ status }) => status === "fulfilled");
  const lost = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(won).toHaveLength(1);
  for (const { reason } of lost) expect(reason).toMatchObject({ reason: "REVISION_CONFLICT" });
  expect((await under.admin.getLicense({ name })).license?.revision).toBe(2n);
});

test("changes of one license at a time follow each other, none lost", async () => {
  const { name } = await issue();
  await Promise.all(
    Array.from({ length: 12 }, (_, index) => amend(name, ["seats"], { seats: 20 + index })),
  );
  expect((await under.admin.getLicense({ name })).license?.revision).toBe(13n);
});
