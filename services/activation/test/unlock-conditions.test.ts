import {
  activation,
  ChangePolicy,
  issuer,
  LicenseModel,
  LicenseState,
  type LicenseTerms,
  VirtualMachinePolicy,
} from "@leasehold/contracts";
import type { Problem } from "@leasehold/kernel";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { issuedLicense, issuedProduct, issuedTerms } from "./issued.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId, freshKey, unlockRequest } from "./unlock-requests.ts";

const DAY_MS = 86_400_000;
const POLICY = {
  installations: 0,
  transfers: 0,
  virtualMachinesPolicy: VirtualMachinePolicy.ALLOW,
  virtualMachines: 0,
  domains: [],
  networks: [],
};
const PHYSICAL = activation.MachineEvidence.fromPartial({ vendor: "LENOVO", model: "21HM" });
const VIRTUAL = activation.MachineEvidence.fromPartial({ hypervisor: "kvm" });

let running: RunningActivation;
let licenses = 0;

beforeAll(async () => {
  running = await runningActivation();
});
afterAll(() => running[Symbol.asyncDispose]());
beforeEach(() => {
  running.issuer.product = issuedProduct();
});

/** A license with these terms, and its key. */
function newLicense(terms: Partial<LicenseTerms>, given: Partial<issuer.License> = {}) {
  const key = freshKey();
  const license = issuedLicense(`conditions-${++licenses}`, 1n, {
    terms: issuedTerms(terms),
    ...given,
  });
  running.issuer.put(license, key.data);
  return { name: license.name, key: key.text };
}

/** What a request comes to: the reason and its metadata, or "unlocked". */
function outcome(request: activation.UnlockRequest): Promise<unknown> {
  return running.unlock(request).then(
    () => "unlocked",
    ({ reason, metadata }: Problem) => ({ reason, metadata }),
  );
}

test("a license with places for two machines takes two, and either of them again", async () => {
  const { key, name } = newLicense({ installationPolicy: { ...POLICY, installations: 2 } });
  const [first, second, third] = [unlockRequest(key), unlockRequest(key), unlockRequest(key)];
  expect([await outcome(first), await outcome(second)]).toEqual(["unlocked", "unlocked"]);
  const refused = { reason: "INSTALLATION_LIMIT", metadata: { limit: "2" } };
  expect(await outcome(third)).toEqual(refused);
  for (const known of [first, second])
    expect(await outcome({ ...known, requestId: freshId() })).toBe("unlocked");
  expect(await outcome(third)).toEqual(refused);
  expect(running.log).toContainEqual({
    level: "info",
    message: "unlocking refused",
    facts: { reason: "INSTALLATION_LIMIT", license: name, product: "products/studio" },
  });
});

test.each([
  [0, 2],
  [1, 1],
  [5, 2],
])(
  "two seats of named machines, and %d installations at most, are places for %d",
  async (installations, limit) => {
    const { key } = newLicense({
      model: LicenseModel.NAMED_MACHINE,
      seats: 2,
      installationPolicy: { ...POLICY, installations },
    });
    for (let n = 0; n < limit; n += 1) expect(await outcome(unlockRequest(key))).toBe("unlocked");
    expect(await outcome(unlockRequest(key))).toEqual({
      reason: "INSTALLATION_LIMIT",
      metadata: { limit: String(limit) },
    });
  },
);

test("a license that was made smaller takes no further machine, and keeps those it has", async () => {
  const key = freshKey();
  const put = (revision: bigint, installations: number) =>
    running.issuer.put(
      issuedLicense("shrunk", revision, {
        terms: issuedTerms({ installationPolicy: { ...POLICY, installations } }),
      }),
      key.data,
    );
  put(1n, 3);
  const [first, second] = [unlockRequest(key.text), unlockRequest(key.text)];
  expect([await outcome(first), await outcome(second)]).toEqual(["unlocked", "unlocked"]);
  put(2n, 1);
  expect(await outcome({ ...first, requestId: freshId() })).toBe("unlocked");
  expect(await outcome(unlockRequest(key.text))).toMatchObject({ reason: "INSTALLATION_LIMIT" });
});

test("virtual machines are refused where they are denied, and so is who does not tell", async () => {
  const { key } = newLicense({
    installationPolicy: { ...POLICY, virtualMachinesPolicy: VirtualMachinePolicy.DENY },
  });
  expect(await outcome(unlockRequest(key, { evidence: VIRTUAL }))).toEqual({
    reason: "VIRTUAL_MACHINE_REFUSED",
    metadata: { limit: "0" },
  });
  expect(await outcome(unlockRequest(key))).toEqual({
    reason: "VIRTUAL_MACHINE_REFUSED",
    metadata: { limit: "0", evidence: "missing" },
  });
  expect(await outcome(unlockRequest(key, { evidence: PHYSICAL }))).toBe("unlocked");
});

test("as many virtual machines as the license says, and any number of others", async () => {
  const { key } = newLicense({
    installationPolicy: {
      ...POLICY,
      virtualMachinesPolicy: VirtualMachinePolicy.ALLOW_WITH_CAP,
      virtualMachines: 1,
    },
  });
  const [physical, virtual] = [
    unlockRequest(key, { evidence: PHYSICAL }),
    unlockRequest(key, { evidence: VIRTUAL }),
  ];
  expect([await outcome(physical), await outcome(virtual)]).toEqual(["unlocked", "unlocked"]);
  const refused = { reason: "VIRTUAL_MACHINE_REFUSED", metadata: { limit: "1" } };
  expect(await outcome(unlockRequest(key, { evidence: VIRTUAL }))).toEqual(refused);
  expect(await outcome(unlockRequest(key, { evidence: PHYSICAL }))).toBe("unlocked");
  expect(await outcome({ ...virtual, requestId: freshId() })).toBe("unlocked");
  // The physical machine was copied into a virtual one, key and all.
  const moved = { ...physical, requestId: freshId(), evidence: VIRTUAL };
  expect(await outcome(moved)).toEqual(refused);
});

test("another version is refused, and told which are covered", async () => {
  const { key } = newLicense({ versions: { oldest: "3", newest: "4" } });
  const at = (applicationVersion: string) => outcome(unlockRequest(key, { applicationVersion }));
  expect(await at("4.9.9")).toBe("unlocked");
  expect(await at("5.0")).toEqual({
    reason: "VERSION_NOT_COVERED",
    metadata: { version: "5.0", oldest: "3", newest: "4" },
  });
  running.issuer.product = issuedProduct({ versionPolicy: { supported: { oldest: "3.5" } } });
  expect(await at("3.4")).toEqual({
    reason: "VERSION_NOT_COVERED",
    metadata: { version: "3.4", oldest: "3.5", newest: "" },
  });
});

test("a version that was released after maintenance is refused, an earlier one is warned", async () => {
  const maintenanceEndTime = new Date(Date.now() - DAY_MS / 2);
  const { key } = newLicense({ maintenanceEndTime });
  const released = (ms: number) =>
    unlockRequest(key, { applicationVersion: "5", applicationReleaseTime: new Date(ms) });
  expect(await outcome(released(Date.now()))).toEqual({
    reason: "VERSION_NOT_COVERED",
    metadata: { version: "5", maintenance_end_time: maintenanceEndTime.toISOString() },
  });
  const { warnings } = await running.unlock(released(maintenanceEndTime.getTime() - 1));
  expect(warnings).toMatchObject([
    {
      reason: activation.UnlockWarningReason.MAINTENANCE_OVER,
      metadata: { maintenance_end_time: maintenanceEndTime.toISOString() },
    },
  ]);
});

test("a version that is supported, but far from the newest, is unlocked with a warning", async () => {
  running.issuer.product = issuedProduct({
    versionPolicy: {
      supported: { oldest: "3", newest: "5.2" },
      tolerance: issuer.VersionTolerance.SAME_MAJOR,
    },
  });
  const { key } = newLicense({});
  const request = unlockRequest(key, { applicationVersion: "4.1" });
  const first = await running.unlock(request);
  expect(first.warnings).toEqual([
    {
      reason: activation.UnlockWarningReason.VERSION_DIFFERS,
      text: "Version 4.1 is supported, but may not go together with 5.2, the newest.",
      metadata: { version: "4.1", newest: "5.2", tolerance: "SAME_MAJOR" },
    },
  ]);
  expect(await running.unlock(request)).toEqual(first);
  const untold = await running.unlock(unlockRequest(key));
  expect(untold.warnings).toMatchObject([
    {
      reason: activation.UnlockWarningReason.VERSION_NOT_TOLD,
      metadata: { oldest: "3", newest: "5.2" },
    },
  ]);
});

test("hosts of other domains, and addresses of other networks, are refused", async () => {
  const domains = ["example.com"];
  const inDomain = newLicense({ installationPolicy: { ...POLICY, domains } });
  const at = (host: string) => outcome(unlockRequest(inDomain.key, { host }));
  expect(await at("db.example.com")).toBe("unlocked");
  expect(await at("db.example.org")).toEqual({
    reason: "PLACE_REFUSED",
    metadata: { place: "domain" },
  });
  const here = newLicense({ installationPolicy: { ...POLICY, networks: ["127.0.0.0/8"] } });
  expect(await outcome(unlockRequest(here.key))).toBe("unlocked");
  const there = newLicense({ installationPolicy: { ...POLICY, networks: ["192.0.2.0/24"] } });
  expect(await outcome(unlockRequest(there.key))).toEqual({
    reason: "PLACE_REFUSED",
    metadata: { place: "network" },
  });
});

test.each([
  ["LICENSE_SUSPENDED", {}, LicenseState.SUSPENDED],
  ["LICENSE_NOT_STARTED", { startTime: new Date(Date.now() + DAY_MS) }, LicenseState.ACTIVE],
  ["LICENSE_EXPIRED", { endTime: new Date(Date.now() - 1) }, LicenseState.ACTIVE],
])(
  "a license that the issuer lets pass by mistake is still refused: %s",
  async (reason, terms, state) => {
    const { key } = newLicense(terms, { state });
    expect(await outcome(unlockRequest(key))).toMatchObject({ reason });
  },
);

test("whoever unlocks reads whom the license is made out to, what it unlocks, and whom to ask", async () => {
  const { key } = newLicense({
    features: [
      { feature: "dataflow", limit: undefined, seats: undefined },
      { feature: "gone", limit: undefined, seats: undefined },
    ],
    changePolicy: ChangePolicy.RESTART_REQUIRED,
  });
  const { summary, terms } = await running.unlock(unlockRequest(key));
  expect(terms?.changePolicy).toBe(ChangePolicy.RESTART_REQUIRED);
  expect(summary).toEqual({
    licenseeName: "Ada Lovelace",
    licenseeOrganization: "Acme",
    productDisplayName: "Studio",
    features: [
      { feature: "dataflow", displayName: "Data flow" },
      { feature: "gone", displayName: "gone" },
    ],
    salesContact: "studio-sales@example.com",
    helpContact: "https://help.example.com",
  });
});

test.each([
  ["application_version", { applicationVersion: "4.x" }],
  ["application_version", { applicationVersion: "4.1.2.3" }],
  ["application_version", { applicationVersion: `4.${"1".repeat(10_000)}` }],
  ["challenge", { challenge: Buffer.alloc(129) }],
  ["proof", { proof: "x".repeat(10_000) }],
  ["proof", { proof: "a\nb" }],
  [
    "evidence.vendor",
    { evidence: activation.MachineEvidence.fromPartial({ vendor: "x".repeat(201) }) },
  ],
  [
    "evidence.hypervisor",
    { evidence: activation.MachineEvidence.fromPartial({ hypervisor: "kvm\n" }) },
  ],
] satisfies [string, Partial<activation.UnlockRequest>][])(
  "a bad %s is named (%#)",
  async (field, given) => {
    await expect(
      running.anyone.unlock(unlockRequest(freshKey().text, given)),
    ).rejects.toMatchObject({ reason: "INVALID_REQUEST", violations: [{ field }] });
  },
);
