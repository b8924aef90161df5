import { join } from "node:path";
import {
  type Problem,
  unlock,
  type UnlockedInstallation,
  type UnlockOptions,
} from "@leasehold/client";
import { activation, ChangePolicy, issuer, VirtualMachinePolicy } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { newProductKey } from "@leasehold/license-format";
import { client } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LICENSEE, type Sale, type Sold } from "./desk/licensing-desk.ts";
import { trustRootOf } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  seats: 3,
  features: ["dataflow", "workflow"],
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
};
const PHYSICAL = { vendor: "LENOVO", model: "21HM" };
const VIRTUAL = { hypervisor: "kvm", hypervisorBit: true, vendor: "QEMU" };
const DAY_MS = 86_400_000;

let story: Story;

beforeAll(async () => {
  story = await openStory({
    environment: { activation: { ACTIVATION_UNLOCK_FAILURES_PER_KEY: "3/1h" } },
  });
}, 120_000);
afterAll(() => story[Symbol.asyncDispose]());

const sell = (more: Partial<Sale>) => story.desk.sell({ ...SALE, ...more });

/** Unlocks on a machine of this name; right in every respect but these. */
function unlockOn(
  machine: string,
  { license, productKey }: Sold,
  changes: Partial<UnlockOptions> = {},
): Promise<UnlockedInstallation> {
  return unlock({
    activation: story.cluster.addresses.activation,
    product: license.product,
    licenseeName: LICENSEE.name,
    licenseeOrganization: LICENSEE.organization,
    productKey,
    directory: join(story.folder, license.name.slice(-12), machine),
    trustRoot: trustRootOf(story.cluster),
    authorities: story.cluster.authorities,
    host: machine,
    ...changes,
  });
}

/** What it comes to: "unlocked", or the reason and what is told beside it. */
function outcomeOn(...unlocking: Parameters<typeof unlockOn>): Promise<unknown> {
  return unlockOn(...unlocking).then(
    () => "unlocked",
    ({ reason, metadata }: Problem) => ({ reason, metadata }),
  );
}

test("who unlocks reads that the license is active, with its seats and features, and what changes for clients", async () => {
  const sold = await sell({
    terms: { changePolicy: ChangePolicy.RESTART_REQUIRED },
    product: { helpContact: "https://help.example.com" },
  });
  const { license, summary } = await unlockOn("mill", sold);
  expect(license).toMatchObject({ state: "active", seats: 3 });
  expect(summary).toMatchObject({
    licensee: LICENSEE,
    product: "Studio",
    seats: 3,
    features: [
      { feature: "dataflow", displayName: "dataflow" },
      { feature: "workflow", displayName: "workflow" },
    ],
    changePolicy: "RESTART_REQUIRED",
    salesContact: "sales@example.com",
    helpContact: "https://help.example.com",
    warnings: [],
  });
  expect(summary!.startTime).toBeLessThan(Date.now());
  // Certificates tell times in whole seconds.
  expect(Math.floor(summary!.endTime / 1_000)).toBe(license.endTime / 1_000);
});

test("a license for two machines refuses the third, until the vendor allows for more", async () => {
  const sold = await sell({ terms: { installationPolicy: { installations: 2 } } });
  for (const machine of ["mill", "store", "mill"])
    expect(await outcomeOn(machine, sold)).toBe("unlocked");
  expect(await outcomeOn("barrel", sold)).toEqual({
    reason: "INSTALLATION_LIMIT",
    metadata: { limit: "2" },
  });
  const more = { ...SALE, terms: { installationPolicy: { installations: 3 } } };
  await story.desk.amend(sold.license.name, more, ["installation_policy"]);
  expect(await outcomeOn("barrel", sold)).toBe("unlocked");
});

test("where virtual machines are denied, a virtual one is refused, and one that does not tell", async () => {
  const sold = await sell({
    terms: { installationPolicy: { virtualMachinesPolicy: VirtualMachinePolicy.DENY } },
  });
  expect(await outcomeOn("cloud", sold, { machine: { evidence: VIRTUAL } })).toEqual({
    reason: "VIRTUAL_MACHINE_REFUSED",
    metadata: { limit: "0" },
  });
  expect(await outcomeOn("silent", sold, { machine: "none" })).toMatchObject({
    metadata: { evidence: "missing" },
  });
  expect(await outcomeOn("mill", sold, { machine: { evidence: PHYSICAL } })).toBe("unlocked");
});

test("a version that is not covered is refused, an old one that is supported is warned", async () => {
  const sold = await sell({
    terms: { versions: { oldest: "3", newest: "5" } },
    product: {
      versionPolicy: {
        supported: { oldest: "4", newest: "5.2" },
        tolerance: issuer.VersionTolerance.SAME_MAJOR,
      },
    },
  });
  const at = (applicationVersion: string) => outcomeOn("mill", sold, { applicationVersion });
  expect(await at("6.0")).toEqual({
    reason: "VERSION_NOT_COVERED",
    metadata: { version: "6.0", oldest: "3", newest: "5" },
  });
  expect(await at("3.9")).toEqual({
    reason: "VERSION_NOT_COVERED",
    metadata: { version: "3.9", oldest: "4", newest: "5.2" },
  });
  const { summary } = await unlockOn("mill", sold, { applicationVersion: "4.1" });
  expect(summary?.warnings).toMatchObject([
    { reason: "VERSION_DIFFERS", metadata: { version: "4.1", newest: "5.2" } },
  ]);
});

test("hosts of other domains, and addresses of other networks, are refused", async () => {
  const domains = await sell({ terms: { installationPolicy: { domains: ["example.com"] } } });
  expect(await outcomeOn("db.example.com", domains)).toBe("unlocked");
  expect(await outcomeOn("db.example.org", domains)).toMatchObject({ reason: "PLACE_REFUSED" });
  const networks = await sell({ terms: { installationPolicy: { networks: ["192.0.2.0/24"] } } });
  expect(await outcomeOn("mill", networks)).toMatchObject({
    reason: "PLACE_REFUSED",
    metadata: { place: "network" },
  });
});

test("a key that is used before its license begins is told when that will be", async () => {
  const startTime = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 7 * DAY_MS);
  const sold = await sell({ terms: { startTime } });
  expect(await outcomeOn("mill", sold)).toEqual({
    reason: "LICENSE_NOT_STARTED",
    metadata: { start_time: startTime.toISOString() },
  });
});

test("a key of an earlier generation that is sent all the same is told the product's contact", async () => {
  const sold = await sell({ product: { salesContact: "studio@example.com" } });
  await using channel = story.cluster.connect(story.cluster.addresses.activation);
  const service = client(activation.ActivationServiceDefinition, channel);
  const sent = service.unlock({
    requestId: newUuid(systemClock, systemRandom),
    licenseeName: LICENSEE.name,
    licenseeOrganization: LICENSEE.organization,
    product: sold.license.product,
    productKey: "LH1-ABCD-EFGH-JKMN",
    publicKey: Buffer.alloc(32, 1),
  });
  await expect(sent).rejects.toMatchObject({
    reason: "KEY_GENERATION_RETIRED",
    metadata: { contact: "studio@example.com", advice: expect.stringMatching(/new/) as string },
  });
});

test("refusals tell nothing but a reference, by which the vendor finds the cause in the log", async () => {
  const [sold, revoked] = [await sell({}), await sell({})];
  await story.desk.revoke(revoked.license.name);
  const refusals = await Promise.all([
    refusalOn(sold, { productKey: newProductKey(systemRandom).text }),
    refusalOn(sold, { licenseeName: "Charles Babbage" }),
    refusalOn(sold, { product: "products/other" }),
    refusalOn(revoked),
  ]);
  expect(new Set(refusals.map(({ bytes }) => bytes)).size).toBe(1);
  const log = () => story.cluster.logs("issuer").join("\n");
  const causes = ["unknown-key", "wrong-licensee", "wrong-product", "revoked-license"];
  for (const [n, cause] of causes.entries())
    await expect
      .poll(log)
      .toMatch(new RegExp(`"cause":"${cause}"[^\\n]*"reference":"${refusals[n]?.reference}"`));
});

test("whoever guesses the name that belongs to a key is told to wait", async () => {
  const sold = await sell({});
  for (const licenseeName of ["Charles", "Grace", "Alan"])
    expect(await outcomeOn("mill", sold, { licenseeName })).toMatchObject({
      reason: "UNLOCK_REFUSED",
    });
  const limited = await unlockOn("mill", sold).catch((problem: unknown) => problem as Problem);
  expect(limited).toMatchObject({ reason: "RATE_LIMITED" });
  expect((limited as Problem).retryAfterMs).toBeGreaterThan(0);
});

/** The details of a refusal as they came over the wire, with and without the reference. */
async function refusalOn(sold: Sold, changes: Partial<UnlockOptions> = {}) {
  const problem = (await unlockOn("attempt", sold, changes).catch(
    (thrown: unknown) => thrown,
  )) as Problem;
  expect(problem.reason).toBe("UNLOCK_REFUSED");
  const reference = problem.metadata["support_reference"] ?? "";
  const { metadata } = problem.cause as { metadata: { get(name: string): readonly Buffer[] } };
  const hex = Buffer.from(metadata.get("grpc-status-details-bin")[0]!).toString("hex");
  return { reference, bytes: hex.replace(Buffer.from(reference).toString("hex"), "") };
}
