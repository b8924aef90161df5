import { issuer, LicenseState } from "@leasehold/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  END,
  issueLicense,
  issuerUnderTest,
  LICENSEE,
  requestId,
  START,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { refusal, refusedFields } from "./refusal.ts";

const YEAR_MS = 365 * 86_400_000;
const LATER = new Date(END.getTime() + YEAR_MS);

let under: IssuerUnderTest;
beforeAll(async () => {
  under = await issuerUnderTest();
  await createStudio(under.admin);
});
afterAll(() => under[Symbol.asyncDispose]());

function life() {
  return under.of(issuer.LicenseServiceDefinition, "admin");
}

async function someLicense(terms: Parameters<typeof wireTerms>[0] = {}) {
  const customer = await createCustomer(under.admin);
  return issueLicense(under.admin, customer.name, wireLicense({ terms: wireTerms(terms) }));
}

async function read(name: string): Promise<issuer.License> {
  return (await under.admin.getLicense({ name })).license!;
}

describe("a renewal", () => {
  test("puts off the end, and is a revision of its own with who, when and why", async () => {
    const { name } = await someLicense();
    const { license } = await life().renewLicense({
      requestId: requestId(),
      name,
      endTime: LATER,
      why: "order 4711",
    });
    expect(license).toMatchObject({ revision: 2n, terms: { endTime: LATER } });
    expect(await read(name)).toEqual(license);
    const { revisions } = await life().listLicenseRevisions({ parent: name });
    expect(revisions).toMatchObject([
      { action: issuer.LicenseAction.RENEW, subject: "admin", why: "order 4711" },
      { action: issuer.LicenseAction.ISSUE, why: "" },
    ]);
    expect(revisions[0]!.license).toEqual(license);
  });

  test("moves the end of maintenance along, or sets it", async () => {
    const maintenanceEndTime = new Date(END.getTime() - YEAR_MS);
    const { name } = await someLicense({ maintenanceEndTime });
    const renew = { requestId: requestId(), name, endTime: LATER };
    const { license } = await life().renewLicense(renew);
    expect(license!.terms!.maintenanceEndTime).toEqual(END);
    const endTime = new Date(LATER.getTime() + YEAR_MS);
    const set = { requestId: requestId(), name, endTime, maintenanceEndTime: LATER };
    expect((await life().renewLicense(set)).license!.terms!.maintenanceEndTime).toEqual(LATER);
  });

  test.each([
    ["no end", { endTime: undefined }, ["end_time"]],
    ["the end that it has", { endTime: END }, ["end_time"]],
    ["an end before 1970", { endTime: new Date(-1) }, ["end_time"]],
    ["less maintenance", { endTime: LATER, maintenanceEndTime: START }, ["maintenance_end_time"]],
    ["a bad name", { name: "licenses/1" }, ["name"]],
    ["a negative revision", { expectedRevision: -1n }, ["expected_revision"]],
    ["501 code points of why", { why: "w".repeat(501) }, ["why"]],
  ])("with %s is refused, and nothing is changed", async (_, change, fields) => {
    const { name } = await someLicense();
    const request = { requestId: requestId(), name, endTime: LATER, ...change };
    expect(await refusedFields(life().renewLicense(request))).toEqual(fields);
    expect((await read(name)).revision).toBe(1n);
  });

  test("of a license that changed since is refused with the revision it has", async () => {
    const { name } = await someLicense();
    const stale = { requestId: requestId(), name, endTime: LATER, expectedRevision: 7n };
    expect(await refusal(life().renewLicense(stale))).toMatchObject({
      reason: "REVISION_CONFLICT",
      metadata: { revision: "1" },
    });
  });

  test("of a revoked license is refused", async () => {
    const { name } = await someLicense();
    await under.admin.revokeLicense({ requestId: requestId(), name });
    const renew = { requestId: requestId(), name, endTime: LATER };
    expect((await refusal(life().renewLicense(renew))).reason).toBe("LICENSE_STATE_CONFLICT");
  });
});

describe("a transfer", () => {
  test("ends the license and begins one of the other customer, with the same terms", async () => {
    const former = await someLicense({ seats: 7 });
    const customer = await createCustomer(under.admin);
    const { license } = await life().transferLicense({
      requestId: requestId(),
      name: former.name,
      customer: customer.name,
      why: "acquired",
    });
    expect(license!.name.startsWith(`${customer.name}/licenses/`)).toBe(true);
    expect(license).toMatchObject({
      revision: 1n,
      state: LicenseState.ACTIVE,
      licensee: LICENSEE,
      terms: former.terms,
      transferredFrom: former.name,
    });
    expect(await read(former.name)).toMatchObject({
      revision: 2n,
      state: LicenseState.REVOKED,
      transferredTo: license!.name,
    });
    expect(await read(license!.name)).toEqual(license);
  });

  test("takes the product keys along", async () => {
    const former = await someLicense();
    const key = { requestId: requestId(), parent: former.name };
    const { secret } = await under.admin.createProductKey(key);
    const customer = await createCustomer(under.admin);
    const licensee = { name: "Grace Hopper", organization: "Navy" };
    const { license } = await life().transferLicense({
      requestId: requestId(),
      name: former.name,
      customer: customer.name,
      licensee,
    });
    const typed = { productKey: secret, product: "products/studio" };
    const unlocked = await under.activation.verifyProductKey({ ...typed, licensee });
    expect(unlocked.license!.name).toBe(license!.name);
    const asBefore = under.activation.verifyProductKey({ ...typed, licensee: LICENSEE });
    expect((await refusal(asBefore)).reason).toBe("UNLOCK_REFUSED");
  });

  test("of a suspended license begins a suspended one", async () => {
    const former = await someLicense();
    await under.admin.suspendLicense({ requestId: requestId(), name: former.name });
    const customer = await createCustomer(under.admin);
    const { license } = await life().transferLicense({
      requestId: requestId(),
      name: former.name,
      customer: customer.name,
    });
    expect(license!.state).toBe(LicenseState.SUSPENDED);
  });

  test("that is only validated tells what would be, and does nothing", async () => {
    const former = await someLicense();
    const customer = await createCustomer(under.admin);
    const { license } = await life().transferLicense({
      requestId: requestId(),
      name: former.name,
      customer: customer.name,
      validateOnly: true,
    });
    expect(license!.transferredFrom).toBe(former.name);
    expect(await read(former.name)).toEqual(former);
    const listed = await life().listLicenses({ parent: customer.name });
    expect(listed.licenses).toEqual([]);
  });

  test("to the same, an unknown or a closed customer is refused", async () => {
    const { name } = await someLicense();
    const to = (customer: string) =>
      life().transferLicense({ requestId: requestId(), name, customer });
    const [own = ""] = name.split("/licenses/");
    expect(await refusedFields(to(own))).toEqual(["customer"]);
    expect(await refusedFields(to("customers/acme"))).toEqual(["customer"]);
    const unknown = to("customers/0190b5a0-0000-7000-8000-000000000001");
    expect((await refusal(unknown)).reason).toBe("NOT_FOUND");
    const closed = await createCustomer(under.admin);
    const close = { requestId: requestId(), name: closed.name };
    await under.of(issuer.CustomerServiceDefinition, "admin").closeCustomer(close);
    expect((await refusal(to(closed.name))).reason).toBe("CUSTOMER_CLOSED");
  });

  test("of two at a time one wins", async () => {
    for (let round = 0; round < 20; round += 1) {
      const { name } = await someLicense();
      const customers = [await createCustomer(under.admin), await createCustomer(under.admin)];
      const outcomes = await Promise.allSettled(
        customers.map((customer) =>
          life().transferLicense({ requestId: requestId(), name, customer: customer.name }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    }
  });
});

describe("revisions", () => {
  test("are compared field by field, by name where they have one", async () => {
    const { name } = await someLicense();
    await under.admin.amendLicense({
      requestId: requestId(),
      name,
      terms: {
        seats: 5,
        features: [{ feature: "diagrams", limit: 20n }, { feature: "workflow" }],
        leaseTimes: { validity: { seconds: 60n, nanos: 0 } },
      },
      updateMask: ["seats", "features", "lease_times"],
    });
    const { from, to, differences } = await life().compareLicenseRevisions({ name });
    expect([from!.license!.revision, to!.license!.revision]).toEqual([1n, 2n]);
    expect(differences).toEqual([
      { path: "terms.features[dataflow].feature", from: '"dataflow"', to: "" },
      { path: "terms.features[diagrams].limit", from: '"12"', to: '"20"' },
      { path: "terms.features[workflow].feature", from: "", to: '"workflow"' },
      { path: "terms.lease_times.validity", from: '"45s"', to: '"60s"' },
      { path: "terms.seats", from: "3", to: "5" },
    ]);
  });

  test("that are the same have no difference", async () => {
    const { name } = await someLicense();
    expect((await life().compareLicenseRevisions({ name })).differences).toEqual([]);
  });

  test("that are not there are not found", async () => {
    const { name } = await someLicense();
    const compare = (change: object) => life().compareLicenseRevisions({ name, ...change });
    expect((await refusal(compare({ toRevision: 2n }))).reason).toBe("NOT_FOUND");
    expect((await refusal(compare({ fromRevision: 9n }))).reason).toBe("NOT_FOUND");
    expect(await refusedFields(compare({ fromRevision: -1n }))).toEqual(["from_revision"]);
  });
});

describe("licenses", () => {
  test("of a customer are listed, filtered and paged", async () => {
    const customer = await createCustomer(under.admin);
    for (const seats of [1, 2, 3])
      await issueLicense(
        under.admin,
        customer.name,
        wireLicense({ terms: wireTerms({ seats, trial: seats === 2 }) }),
      );
    const seatsOf = async (request: object) => {
      const { licenses, nextPageToken } = await life().listLicenses({
        parent: customer.name,
        ...request,
      });
      return { seats: licenses.map(({ terms }) => terms!.seats), nextPageToken };
    };
    expect((await seatsOf({})).seats).toEqual([3, 2, 1]);
    expect((await seatsOf({ filter: "trial = true" })).seats).toEqual([2]);
    expect((await seatsOf({ filter: "seats >= 2", orderBy: "seats" })).seats).toEqual([2, 3]);
    const first = await seatsOf({ pageSize: 2, orderBy: "seats desc" });
    const pageToken = first.nextPageToken;
    const rest = await seatsOf({ pageSize: 2, orderBy: "seats desc", pageToken });
    expect([...first.seats, ...rest.seats]).toEqual([3, 2, 1]);
    expect(await refusedFields(seatsOf({ pageToken }))).toEqual(["page_token"]);
    const all = await life().listLicenses({
      parent: "customers/-",
      filter: "seats = 2",
      pageSize: 500,
    });
    expect(all.licenses.length).toBeGreaterThan(0);
  });

  test.each([
    ["no parent", { parent: "" }, "parent"],
    ["an unknown field", { parent: "customers/-", filter: "color = red" }, "filter"],
    ["an unknown order", { parent: "customers/-", orderBy: "color" }, "order_by"],
    ["a negative page", { parent: "customers/-", pageSize: -1 }, "page_size"],
  ])("are not listed with %s", async (_, request, field) => {
    expect(await refusedFields(life().listLicenses(request))).toEqual([field]);
  });

  test("of fifty amendments that saw the same revision one wins", async () => {
    const { name } = await someLicense();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        under.admin.amendLicense({
          requestId: requestId(),
          name,
          expectedRevision: 1n,
          terms: { seats: index + 10 },
          updateMask: ["seats"],
        }),
      ),
    );
    const lost = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason as { reason: string; metadata: object }] : [],
    );
    expect(lost).toHaveLength(49);
    for (const { reason, metadata } of lost)
      expect([reason, metadata]).toEqual(["REVISION_CONFLICT", { revision: "2" }]);
    expect((await read(name)).revision).toBe(2n);
  });
});
