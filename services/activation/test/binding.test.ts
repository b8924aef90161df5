import { activation, LicenseModel, LicenseState } from "@leasehold/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  reasonOf,
  refusal,
  refusedFields,
  type ResourceScene,
  resourceScene,
} from "./resource-scene.ts";
import { freshId } from "./unlock-requests.ts";

const ACME = "customers/acme";
const ONE = `${ACME}/licenses/one`;
const TWO = `${ACME}/licenses/two`;

let scene: ResourceScene;

beforeEach(async () => {
  scene = await resourceScene();
  await scene.license(ONE);
});
afterEach(() => scene[Symbol.asyncDispose]());

const bind = (name: string, license = ONE) =>
  scene.as("desk").bindResource({ requestId: freshId(), name, license });
const move = (name: string, license: string, validateOnly = false) =>
  scene.as("desk").moveResource({ requestId: freshId(), name, license, validateOnly });
const unbind = (name: string, validateOnly = false) =>
  scene.as("desk").unbindResource({ requestId: freshId(), name, validateOnly });
const licenseOf = async (name: string) =>
  (await scene.as("desk").getResource({ name })).resource?.license;

/** What the seat-broker is told of a resource. */
async function pool(resource: string): Promise<activation.Entitlement | undefined> {
  return (await scene.entitlements()).find((told) => told.resource === resource);
}

test("a bound resource has a pool of its own, by the terms of its license", async () => {
  await scene.license(TWO, { terms: { seats: 7 } });
  const { name } = await scene.resource(ACME, "db-1");
  expect(await pool(name)).toBeUndefined();
  await bind(name, TWO);
  expect(await pool(name)).toMatchObject({
    license: TWO,
    state: LicenseState.ACTIVE,
    product: "products/studio",
    terms: { model: LicenseModel.RESOURCE, seats: 7 },
  });
});

test("a change of the license is a change of all its resources, and of no others", async () => {
  await scene.license(TWO);
  const [first, second, other] = [
    await scene.resource(ACME, "db-1", ONE),
    await scene.resource(ACME, "db-2", ONE),
    await scene.resource(ACME, "db-3", TWO),
  ];
  const before = await Promise.all([first, second, other].map(({ name }) => pool(name)));
  await scene.license(ONE, { revision: 2n, state: LicenseState.SUSPENDED, terms: { seats: 9 } });
  const after = await Promise.all([first, second, other].map(({ name }) => pool(name)));
  for (const index of [0, 1]) {
    expect(after[index]).toMatchObject({ state: LicenseState.SUSPENDED, terms: { seats: 9 } });
    expect(after[index]!.revision).toBeGreaterThan(before[index]!.revision);
  }
  expect(after[2]).toEqual(before[2]);
});

test("an unbound resource has an ended pool until it is bound again", async () => {
  const { name } = await scene.resource(ACME, "db-1", ONE);
  const bound = await pool(name);
  expect((await unbind(name)).resource?.license).toBe("");
  const unbound = await pool(name);
  expect(unbound).toMatchObject({ license: "", state: LicenseState.REVOKED });
  await scene.license(ONE, { revision: 2n });
  expect(await pool(name)).toEqual(unbound);
  await bind(name);
  const again = await pool(name);
  expect(again).toMatchObject({ license: ONE, state: LicenseState.ACTIVE });
  const revisions = [bound, unbound, again].map((told) => told!.revision);
  expect(revisions).toEqual(revisions.toSorted((a, b) => Number(a - b)));
  expect(new Set(revisions).size).toBe(3);
});

test("a resource is moved to another license in one step", async () => {
  await scene.license(TWO, { terms: { seats: 7 } });
  const { name } = await scene.resource(ACME, "db-1", ONE);
  expect((await move(name, TWO)).resource?.license).toBe(TWO);
  expect(await pool(name)).toMatchObject({ license: TWO, terms: { seats: 7 } });
});

test("nothing changes by what is only tried, and it is refused as it would be", async () => {
  await scene.license(TWO);
  const { name } = await scene.resource(ACME, "db-1", ONE);
  const before = await pool(name);
  expect((await move(name, TWO, true)).resource?.license).toBe(TWO);
  expect((await unbind(name, true)).resource?.license).toBe("");
  expect(await licenseOf(name)).toBe(ONE);
  expect(await pool(name)).toEqual(before);
  expect(await reasonOf(move(name, `${ACME}/licenses/none`, true))).toBe("NOT_FOUND");
});

test("what is as it should be already succeeds, and changes nothing", async () => {
  const { name } = await scene.resource(ACME, "db-1", ONE);
  const before = await pool(name);
  expect((await bind(name, ONE)).resource?.license).toBe(ONE);
  expect((await move(name, ONE)).resource?.license).toBe(ONE);
  expect(await pool(name)).toEqual(before);
  await unbind(name);
  const unbound = await pool(name);
  expect((await unbind(name)).resource?.license).toBe("");
  expect(await pool(name)).toEqual(unbound);
});

test("a bound resource is not bound elsewhere, nor removed; one that is not bound is not moved", async () => {
  await scene.license(TWO);
  const { name } = await scene.resource(ACME, "db-1", ONE);
  const removal = () =>
    scene.as("desk").removeResource({ requestId: freshId(), name, validateOnly: false });
  for (const call of [() => bind(name, TWO), removal])
    expect(await refusal(call())).toMatchObject({
      reason: "STATE_CONFLICT",
      metadata: { state: "BOUND" },
    });
  await unbind(name);
  expect(await refusal(move(name, TWO))).toMatchObject({
    reason: "STATE_CONFLICT",
    metadata: { state: "UNBOUND" },
  });
});

test.each([
  ["of another model", { terms: { model: LicenseModel.FLOATING } }, "RESOURCE_NOT_LICENSED"],
  ["that is revoked", { state: LicenseState.REVOKED }, "LICENSE_REVOKED"],
  ["that is over", { terms: { endTime: new Date(Date.now() - 1_000) } }, "LICENSE_EXPIRED"],
] as const)("nothing is bound, or moved, to a license %s", async (_, given, reason) => {
  await scene.license(TWO, given);
  const { name } = await scene.resource(ACME, "db-1");
  expect(await reasonOf(bind(name, TWO))).toBe(reason);
  const bound = await scene.resource(ACME, "db-2", ONE);
  expect(await reasonOf(move(bound.name, TWO))).toBe(reason);
});

test("a license that is suspended, or has not begun, may have resources", async () => {
  await scene.license(TWO, { state: LicenseState.SUSPENDED });
  const { name } = await scene.resource(ACME, "db-1", TWO);
  expect(await licenseOf(name)).toBe(TWO);
});

test("a license must be there, and be the customer's", async () => {
  await scene.license("customers/globex/licenses/one");
  const { name } = await scene.resource(ACME, "db-1");
  expect(await reasonOf(bind(name, `${ACME}/licenses/none`))).toBe("NOT_FOUND");
  for (const license of ["customers/globex/licenses/one", "licenses/one", ""])
    expect(await refusedFields(bind(name, license))).toEqual(["license"]);
});

test("a license has no more resources than its terms say", async () => {
  await scene.license(TWO, { terms: { resources: 2 } });
  const first = await scene.resource(ACME, "db-1", TWO);
  await scene.resource(ACME, "db-2", TWO);
  const third = await scene.resource(ACME, "db-3", ONE);
  const full = { reason: "RESOURCE_LIMIT", metadata: { limit: "2", of: "license" } };
  expect(await refusal(move(third.name, TWO))).toMatchObject(full);
  await unbind(third.name);
  expect(await refusal(bind(third.name, TWO))).toMatchObject(full);
  await unbind(first.name);
  expect((await bind(third.name, TWO)).resource?.license).toBe(TWO);
});

test("a customer binds no more resources than it may, over all its licenses", async () => {
  await scene.license(TWO, { customer: { revision: 2n, resources: 2 } });
  await scene.resource(ACME, "db-1", ONE);
  const second = await scene.resource(ACME, "db-2", TWO);
  const third = await scene.resource(ACME, "db-3");
  const full = { reason: "RESOURCE_LIMIT", metadata: { limit: "2", of: "customer" } };
  expect(await refusal(bind(third.name))).toMatchObject(full);
  expect((await move(second.name, ONE)).resource?.license).toBe(ONE);
  await scene.license(TWO, { revision: 2n, customer: { revision: 3n, resources: undefined } });
  expect((await bind(third.name)).resource?.license).toBe(ONE);
});

test("a maximum that was lowered unbinds nothing, and lets nothing more be bound", async () => {
  const bound = [await scene.resource(ACME, "db-1", ONE), await scene.resource(ACME, "db-2", ONE)];
  const third = await scene.resource(ACME, "db-3");
  const customer = { revision: 2n, resources: 1 };
  await scene.license(ONE, { revision: 2n, terms: { resources: 1 }, customer });
  for (const { name } of bound) expect(await licenseOf(name)).toBe(ONE);
  expect(await reasonOf(bind(third.name))).toBe("RESOURCE_LIMIT");
  await unbind(bound[0]!.name);
  expect(await reasonOf(bind(third.name))).toBe("RESOURCE_LIMIT");
  await unbind(bound[1]!.name);
  expect((await bind(third.name)).resource?.license).toBe(ONE);
});

test("what an older revision of the customer says comes too late", async () => {
  await scene.license(TWO, { customer: { revision: 3n, resources: 1 } });
  await scene.license(TWO, { revision: 2n, customer: { revision: 2n, resources: undefined } });
  await scene.resource(ACME, "db-1", ONE);
  const { name } = await scene.resource(ACME, "db-2");
  expect(await reasonOf(bind(name))).toBe("RESOURCE_LIMIT");
});

test("the maximum of a customer changes though its license does not", async () => {
  await scene.license(ONE, { customer: { revision: 2n, resources: 0 } });
  const { name } = await scene.resource(ACME, "db-1");
  expect(await reasonOf(bind(name))).toBe("RESOURCE_LIMIT");
});

test("an installation sees what is licensed to its customer, and only that", async () => {
  await scene.license("customers/globex/licenses/one");
  await scene.license(TWO, { state: LicenseState.SUSPENDED });
  const licensed = await scene.resource(ACME, "db-1", ONE);
  const suspended = await scene.resource(ACME, "db-2", TWO);
  const unbound = await scene.resource(ACME, "db-3");
  const foreign = await scene.resource("customers/globex", "db-1", "customers/globex/licenses/one");
  const { credentials } = await scene.installation(ONE);
  const own = scene.with(credentials).resources;
  const list = (parent: string) =>
    own.listResources(activation.ListResourcesRequest.fromPartial({ parent }));
  expect((await list(ACME)).resources.map(({ name }) => name)).toEqual([licensed.name]);
  expect((await own.getResource({ name: licensed.name })).resource?.license).toBe(ONE);
  for (const { name } of [suspended, unbound, foreign])
    expect(await reasonOf(own.getResource({ name }))).toBe("NOT_FOUND");
  expect(await reasonOf(list("customers/globex"))).toBe("NOT_FOUND");
  const change = own.unbindResource({
    requestId: freshId(),
    name: licensed.name,
    validateOnly: false,
  });
  expect(await reasonOf(change)).toBe("PERMISSION_DENIED");
  await scene.license(TWO, { revision: 2n });
  expect((await list(ACME)).resources.map(({ externalId }) => externalId)).toEqual([
    "db-1",
    "db-2",
  ]);
});

test("others see only what is licensed where they ask for that", async () => {
  await scene.resource(ACME, "db-1", ONE);
  await scene.resource(ACME, "db-2");
  const request = activation.ListResourcesRequest.fromPartial({ parent: ACME, licensedOnly: true });
  const { resources } = await scene.as("acme user").listResources(request);
  expect(resources.map(({ externalId }) => externalId)).toEqual(["db-1"]);
});
