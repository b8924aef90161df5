import type { activation } from "@leasehold/contracts";
import { LicenseState } from "@leasehold/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type CountClient,
  reasonOf,
  refusal,
  refusedFields,
  type ResourceScene,
  resourceScene,
} from "./resource-scene.ts";
import { freshId } from "./unlock-requests.ts";

const ACME = "customers/acme";
const LICENSE = `${ACME}/licenses/one`;
const FEATURES = [
  { feature: "dataflow" },
  { feature: "diagrams", limit: 10n },
  { feature: "objects", limit: 0n },
];

let scene: ResourceScene;
let resource: string;
let application: CountClient;

beforeEach(async () => {
  scene = await resourceScene();
  await scene.license(LICENSE, { terms: { features: FEATURES } });
  resource = (await scene.resource(ACME, "db-1", LICENSE)).name;
  application = scene.with((await scene.installation(LICENSE)).credentials).counts;
});
afterEach(() => scene[Symbol.asyncDispose]());

const report = (count: bigint, sequence: bigint, feature = "diagrams") =>
  application.reportCount({ resource, feature, count, sequence });
const claim = (more: bigint, given: Partial<activation.ClaimCountRequest> = {}) =>
  application.claimCount({ requestId: freshId(), resource, feature: "diagrams", more, ...given });

test("what is reported counts, and is told beside the limit", async () => {
  const { count, applied } = await report(4n, 7n);
  expect(applied).toBe(true);
  expect(count).toMatchObject({
    feature: "diagrams",
    count: 4n,
    limit: 10n,
    remaining: 6n,
    sequence: 7n,
  });
});

test("an older report does not take the place of a newer one", async () => {
  await report(4n, 7n);
  for (const sequence of [6n, 7n])
    expect(await report(9n, sequence)).toMatchObject({
      applied: false,
      count: { count: 4n, sequence: 7n },
    });
  expect(await report(2n, 8n)).toMatchObject({ applied: true, count: { count: 2n } });
});

test("more than the limit is taken note of, and nothing more is allowed", async () => {
  expect((await report(12n, 1n)).count).toMatchObject({ count: 12n, remaining: 0n });
  expect(await refusal(claim(1n))).toMatchObject({
    reason: "LIMIT_REACHED",
    metadata: { limit: "10", remaining: "0" },
  });
});

test("more is allowed up to the limit, all of it or none", async () => {
  await report(6n, 1n);
  expect((await claim(3n)).count).toMatchObject({ count: 9n, remaining: 1n });
  expect(await refusal(claim(2n))).toMatchObject({
    reason: "LIMIT_REACHED",
    metadata: { limit: "10", remaining: "1" },
  });
  expect((await claim(1n)).count).toMatchObject({ count: 10n, remaining: 0n });
  expect((await report(5n, 2n)).count).toMatchObject({ count: 5n, remaining: 5n });
});

test("a repeated claim is counted once", async () => {
  const requestId = freshId();
  const first = await claim(3n, { requestId });
  expect(await claim(3n, { requestId })).toEqual(first);
  expect((await claim(1n)).count?.count).toBe(4n);
  expect(await reasonOf(claim(4n, { requestId }))).toBe("REQUEST_ID_REUSED");
});

test("a claim that was refused is decided anew when it is repeated", async () => {
  await report(10n, 1n);
  const requestId = freshId();
  expect(await reasonOf(claim(1n, { requestId }))).toBe("LIMIT_REACHED");
  await report(9n, 2n);
  expect((await claim(1n, { requestId })).count?.count).toBe(10n);
});

test("of many who ask at once no more are allowed than there is room for", async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, async () =>
      claim(1n).then(
        () => "allowed",
        (error: { reason?: string }) => error.reason,
      ),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === "allowed")).toHaveLength(10);
  expect(outcomes.filter((outcome) => outcome === "LIMIT_REACHED")).toHaveLength(30);
});

test("a feature without a limit is counted without end, one of none not at all", async () => {
  const request = { requestId: freshId(), resource, feature: "dataflow", more: 1_000_000n };
  const { count } = await application.claimCount(request);
  expect(count).toMatchObject({ count: 1_000_000n, limit: undefined, remaining: undefined });
  const none = claim(1n, { feature: "objects" });
  expect(await refusal(none)).toMatchObject({ reason: "LIMIT_REACHED", metadata: { limit: "0" } });
});

test("counts are held to the license that the resource is bound to now", async () => {
  await claim(10n);
  const features = [{ feature: "diagrams", limit: 20n }];
  await scene.license(LICENSE, { revision: 9n, terms: { features } });
  expect((await claim(5n)).count).toMatchObject({ count: 15n, remaining: 5n });
});

test.each<[string, Partial<activation.ClaimCountRequest>, string]>([
  ["no UUID", { requestId: "1" }, "request_id"],
  ["no resource", { resource: LICENSE }, "resource"],
  ["no feature", { feature: "" }, "feature"],
  ["nothing more", { more: 0n }, "more"],
  ["less", { more: -1n }, "more"],
  ["too much more", { more: 1_000_001n }, "more"],
])("a claim of %s is refused", async (_, given, field) => {
  expect(await refusedFields(claim(1n, given))).toEqual([field]);
});

test.each<[string, Partial<activation.ReportCountRequest>, string]>([
  ["a count below 0", { count: -1n }, "count"],
  ["a count of 2^53", { count: 2n ** 53n }, "count"],
  ["sequence 0", { sequence: 0n }, "sequence"],
  ["a feature of 65 characters", { feature: "d".repeat(65) }, "feature"],
])("a report with %s is refused", async (_, given, field) => {
  const request = { resource, feature: "diagrams", count: 1n, sequence: 1n, ...given };
  expect(await refusedFields(application.reportCount(request))).toEqual([field]);
});

test("what the license does not unlock is not counted", async () => {
  expect(await reasonOf(claim(1n, { feature: "workflow" }))).toBe("FEATURE_NOT_LICENSED");
  expect(await reasonOf(report(1n, 1n, "__proto__"))).toBe("FEATURE_NOT_LICENSED");
});

test("a license counts what is bound to it, while it may be used", async () => {
  await scene.license(`${ACME}/licenses/two`);
  await scene.license("customers/globex/licenses/one");
  const others = await scene.resource(ACME, "db-2", `${ACME}/licenses/two`);
  const unbound = await scene.resource(ACME, "db-3");
  const foreign = await scene.resource("customers/globex", "db-1", "customers/globex/licenses/one");
  for (const { name } of [others, unbound])
    expect(await reasonOf(claim(1n, { resource: name }))).toBe("RESOURCE_NOT_LICENSED");
  expect(await reasonOf(claim(1n, { resource: foreign.name }))).toBe("NOT_FOUND");
  const absent = `${ACME}/resources/${freshId()}`;
  expect(await reasonOf(claim(1n, { resource: absent }))).toBe("NOT_FOUND");
  await scene.license(LICENSE, { revision: 9n, state: LicenseState.SUSPENDED });
  expect(await reasonOf(claim(1n))).toBe("RESOURCE_NOT_LICENSED");
  expect(await reasonOf(report(1n, 1n))).toBe("RESOURCE_NOT_LICENSED");
});

test("counting is for installations, and looking for those who may look", async () => {
  const request = { requestId: freshId(), resource, feature: "diagrams", more: 1n };
  for (const role of ["desk", "acme admin"] as const)
    expect(await reasonOf(scene.counts(role).claimCount(request))).toBe("PERMISSION_DENIED");
  await claim(3n);
  const list = { parent: resource };
  for (const counts of [scene.counts("desk reader"), scene.counts("acme user"), application])
    expect((await counts.listCounts(list)).counts).toMatchObject([
      { feature: "diagrams", count: 3n, remaining: 7n },
      { feature: "objects", count: 0n, limit: 0n, remaining: 0n },
    ]);
  expect(await reasonOf(scene.counts("globex admin").listCounts(list))).toBe("NOT_FOUND");
  expect(await refusedFields(scene.counts("desk").listCounts({ parent: "db-1" }))).toEqual([
    "parent",
  ]);
});
