import { issuer, LicenseModel } from "@leasehold/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  issueLicense,
  issuerUnderTest,
  type IssuerUnderTest,
  requestId,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { CustomerClient } from "./person.ts";
import { refusedFields } from "./refusal.ts";

let under: IssuerUnderTest;
let customers: CustomerClient;
let customer: string;

beforeEach(async () => {
  under = await issuerUnderTest();
  customers = under.of(issuer.CustomerServiceDefinition, "admin");
  await createStudio(under.admin);
  customer = (await createCustomer(under.admin)).name;
});
afterEach(() => under[Symbol.asyncDispose]());

const ofResources = (resources: number) =>
  wireLicense({ terms: wireTerms({ model: LicenseModel.RESOURCE, resources }) });

const amend = (name: string, resources: number) =>
  under.admin.amendLicense({
    requestId: requestId(),
    name,
    terms: { resources },
    updateMask: ["resources"],
  });

const limit = (resources: number | undefined) =>
  customers.updateCustomer({
    requestId: requestId(),
    name: customer,
    customer: { limits: { resources } },
    updateMask: ["limits"],
  });

const rename = (displayName: string) =>
  customers.updateCustomer({
    requestId: requestId(),
    name: customer,
    customer: { displayName },
    updateMask: ["display_name"],
  });

/** What a watcher gets after a point, until it has everything. */
async function told(after = 0n): Promise<readonly issuer.WatchLicensesResponse[]> {
  const steps: issuer.WatchLicensesResponse[] = [];
  for await (const step of under.activation.watchLicenses({ afterFeedRevision: after })) {
    if (!step.license) break;
    steps.push(step);
  }
  return steps;
}

test("how many resources a license may have is kept, amended, cleared, and told", async () => {
  const issued = await issueLicense(under.admin, customer, ofResources(5));
  expect(issued.terms?.resources).toBe(5);
  expect((await under.admin.getLicense({ name: issued.name })).license).toEqual(issued);
  const { license: amended } = await amend(issued.name, 7);
  expect(amended?.terms?.resources).toBe(7);
  expect((await told()).map(({ license }) => license)).toEqual([amended]);
  const { license: cleared } = await amend(issued.name, 0);
  expect(cleared?.terms?.resources).toBe(0);
});

test.each([-1, 1_000_001])("%d resources are refused", async (resources) => {
  const call = issueLicense(under.admin, customer, ofResources(resources));
  expect(await refusedFields(call)).toEqual(["license.terms.resources"]);
});

test.each([LicenseModel.FLOATING, LicenseModel.NAMED_MACHINE, LicenseModel.NAMED_USER])(
  "a license of model %d has no resources",
  async (model) => {
    const license = wireLicense({ terms: wireTerms({ model, resources: 1 }) });
    const call = issueLicense(under.admin, customer, license);
    expect(await refusedFields(call)).toEqual(["license.terms.resources"]);
    const terms = wireTerms({ model });
    const { name } = await issueLicense(under.admin, customer, wireLicense({ terms }));
    expect(await refusedFields(amend(name, 1))).toEqual(["terms.resources"]);
  },
);

test("with a license comes what its customer may bind", async () => {
  await issueLicense(under.admin, customer, ofResources(0));
  const [before] = await told();
  expect(before?.customer).toEqual({
    name: customer,
    revision: 1n,
    limits: { resources: undefined },
  });
  await limit(3);
  const [after, ...others] = await told(before!.feedRevision);
  expect(after?.customer).toEqual({ name: customer, revision: 2n, limits: { resources: 3 } });
  expect(after?.license).toEqual(before?.license);
  expect(others).toEqual([]);
});

test("a maximum reaches those who watch already, and what bears on no license does not", async () => {
  await issueLicense(under.admin, customer, ofResources(0));
  const over = new AbortController();
  const request = { afterFeedRevision: 0n };
  const stream = under.activation.watchLicenses(request, { signal: over.signal });
  const steps = stream[Symbol.asyncIterator]();
  for (let step = 0; step < 2; step += 1) await steps.next();
  await rename("Acme SE");
  await limit(0);
  const { value } = (await steps.next()) as { value: issuer.WatchLicensesResponse };
  expect(value.customer).toMatchObject({ revision: 3n, limits: { resources: 0 } });
  over.abort();
  await steps.return?.(undefined);
});

test("of a customer that has several licenses one is told again", async () => {
  await issueLicense(under.admin, customer, ofResources(1));
  const { name } = await issueLicense(under.admin, customer, ofResources(2));
  await limit(9);
  expect((await told(2n)).map(({ license }) => license?.name)).toEqual([name]);
});

test("the maximum of a customer without licenses is told with its first one", async () => {
  await limit(4);
  expect(await told()).toEqual([]);
  await issueLicense(under.admin, customer, ofResources(0));
  expect((await told())[0]?.customer?.limits).toEqual({ resources: 4 });
});
