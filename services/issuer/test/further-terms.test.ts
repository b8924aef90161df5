import {
  ChangePolicy,
  InstallationPolicy,
  LicenseModel,
  type LicenseTerms,
  type PartialMessage,
  VirtualMachinePolicy,
} from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  END,
  issueLicense,
  issuerUnderTest,
  requestId,
  START,
  wireLicense,
  wireTerms,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { refusedFields } from "./refusal.ts";

let under: IssuerUnderTest;
let customer: string;
beforeAll(async () => {
  under = await issuerUnderTest();
  await createStudio(under.admin);
  customer = (await createCustomer(under.admin)).name;
});
afterAll(() => under[Symbol.asyncDispose]());

const EVERYTHING: Partial<LicenseTerms> = {
  model: LicenseModel.NAMED_USER,
  trial: true,
  maintenanceEndTime: new Date("2030-01-01T00:00:00Z"),
  versions: { oldest: "3.1", newest: "4" },
  changePolicy: ChangePolicy.RESTART_REQUIRED,
  installationPolicy: {
    installations: 2,
    transfers: 1,
    virtualMachinesPolicy: VirtualMachinePolicy.ALLOW_WITH_CAP,
    virtualMachines: 1,
    domains: ["example.com"],
    networks: ["192.0.2.0/24", "2001:db8::/32"],
  },
};

test("all terms are kept as they were given, and told to whoever follows", async () => {
  const issued = await issueLicense(
    under.admin,
    customer,
    wireLicense({ terms: wireTerms(EVERYTHING) }),
  );
  expect(issued.terms).toMatchObject(EVERYTHING);
  expect((await under.admin.getLicense({ name: issued.name })).license).toEqual(issued);
  for await (const { license } of under.activation.watchLicenses({ afterFeedRevision: 0n })) {
    if (license?.name !== issued.name) continue;
    expect(license).toEqual(issued);
    break;
  }
});

test("terms that say nothing are the open ones", async () => {
  const { terms } = await issueLicense(under.admin, customer);
  expect(terms).toMatchObject({
    trial: false,
    maintenanceEndTime: undefined,
    versions: undefined,
    changePolicy: ChangePolicy.LIVE,
    installationPolicy: {
      installations: 0,
      transfers: 0,
      virtualMachinesPolicy: VirtualMachinePolicy.ALLOW,
      virtualMachines: 0,
      domains: [],
      networks: [],
    },
  });
});

test("an amendment changes and clears what it names, and no more", async () => {
  const { name } = await issueLicense(
    under.admin,
    customer,
    wireLicense({ terms: wireTerms(EVERYTHING) }),
  );
  const { license } = await under.admin.amendLicense({
    requestId: requestId(),
    name,
    terms: { changePolicy: ChangePolicy.LIVE },
    updateMask: ["change_policy", "versions", "maintenance_end_time"],
  });
  expect(license!.terms).toMatchObject({
    ...EVERYTHING,
    changePolicy: ChangePolicy.LIVE,
    versions: undefined,
    maintenanceEndTime: undefined,
  });
});

test("domains are kept in lower case", async () => {
  const installationPolicy = InstallationPolicy.fromPartial({ domains: ["Example.COM"] });
  const license = wireLicense({ terms: wireTerms({ installationPolicy }) });
  const { terms } = await issueLicense(under.admin, customer, license);
  expect(terms!.installationPolicy!.domains).toEqual(["example.com"]);
});

const policy = (change: PartialMessage<InstallationPolicy>) => ({
  installationPolicy: InstallationPolicy.fromPartial(change),
});

test.each<[string, Partial<LicenseTerms>, string]>([
  ["no model", { model: LicenseModel.UNSPECIFIED }, "model"],
  ["an unknown model", { model: 99 as LicenseModel }, "model"],
  ["an unknown change policy", { changePolicy: 9 as ChangePolicy }, "change_policy"],
  ["a version that is none", { versions: { oldest: "v3", newest: "" } }, "versions.oldest"],
  ["versions the wrong way round", { versions: { oldest: "5", newest: "4" } }, "versions"],
  [
    "maintenance that ends before the start",
    { maintenanceEndTime: new Date(START.getTime() - 1) },
    "maintenance_end_time",
  ],
  ["maintenance before 1970", { maintenanceEndTime: new Date(-1) }, "maintenance_end_time"],
  ["minus one installation", policy({ installations: -1 }), "installation_policy.installations"],
  [
    "a million and one transfers",
    policy({ transfers: 1_000_001 }),
    "installation_policy.transfers",
  ],
  [
    "an unknown policy for virtual machines",
    policy({ virtualMachinesPolicy: 9 as VirtualMachinePolicy }),
    "installation_policy.virtual_machines_policy",
  ],
  [
    "a cap of none",
    policy({ virtualMachinesPolicy: VirtualMachinePolicy.ALLOW_WITH_CAP }),
    "installation_policy.virtual_machines",
  ],
  [
    "a cap without its policy",
    policy({ virtualMachines: 3 }),
    "installation_policy.virtual_machines",
  ],
  ["a domain that is none", policy({ domains: ["ex ample"] }), "installation_policy.domains[0]"],
  ["a domain twice", policy({ domains: ["a.de", "A.DE"] }), "installation_policy.domains"],
  [
    "51 domains",
    policy({ domains: Array.from({ length: 51 }, (_, i) => `d${i}.example.com`) }),
    "installation_policy.domains",
  ],
  [
    "a host for a network",
    policy({ networks: ["192.0.2.1/24"] }),
    "installation_policy.networks[0]",
  ],
  [
    "a network twice",
    policy({ networks: ["10.0.0.0/8", "10.0.0.0/8"] }),
    "installation_policy.networks",
  ],
])("a license with %s is refused", async (_, change, field) => {
  const license = wireLicense({ terms: wireTerms(change) });
  const issue = under.admin.issueLicense({ requestId: requestId(), parent: customer, license });
  expect(await refusedFields(issue)).toEqual([`license.terms.${field}`]);
});

test("the end of maintenance may lie beyond the end of the license", async () => {
  const maintenanceEndTime = new Date(END.getTime() + 86_400_000);
  const license = wireLicense({ terms: wireTerms({ maintenanceEndTime }) });
  const { terms } = await issueLicense(under.admin, customer, license);
  expect(terms!.maintenanceEndTime).toEqual(maintenanceEndTime);
});
