import { activation } from "@leasehold/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  present,
  reasonOf,
  refusal,
  refusedFields,
  registration,
  type ResourceScene,
  resourceScene,
  type Role,
} from "./resource-scene.ts";
import { freshId } from "./unlock-requests.ts";

const ACME = "customers/acme";
const GLOBEX = "customers/globex";
const LICENSE = `${ACME}/licenses/one`;
const NOBODY = `${ACME}/resources/0190a000-0000-7000-8000-000000000001`;

let scene: ResourceScene;

beforeEach(async () => {
  scene = await resourceScene();
  await scene.license(LICENSE);
  await scene.license(`${GLOBEX}/licenses/one`);
});
afterEach(() => scene[Symbol.asyncDispose]());

const listing = (parent: string, given: Partial<activation.ListResourcesRequest> = {}) =>
  activation.ListResourcesRequest.fromPartial({ parent, ...given });
const external = ({ resources }: activation.ListResourcesResponse) =>
  resources.map(({ externalId }) => externalId);

test("a resource is registered, and read as it was", async () => {
  const desk = scene.as("desk");
  const given = { displayName: "Plant model", kind: "archive" };
  const { resource } = await desk.registerResource(registration(ACME, "db-1", given));
  const { name, createTime } = present(resource);
  expect(name).toMatch(/^customers\/acme\/resources\/[0-9a-f-]{36}$/);
  expect(resource).toEqual({
    name,
    externalId: "db-1",
    displayName: "Plant model",
    kind: "archive",
    license: "",
    createTime,
    updateTime: createTime,
  });
  expect((await desk.getResource({ name })).resource).toEqual(resource);
});

test("a resource whose kind is not told is a database", async () => {
  const { resource } = await scene.as("desk").registerResource(registration(ACME, "db-1"));
  expect(resource?.kind).toBe("database");
});

test("an external id is a customer's once, and another customer's as well", async () => {
  await scene.resource(ACME, "db-1");
  const again = () => scene.as("desk").registerResource(registration(ACME, "db-1"));
  expect(await reasonOf(again())).toBe("ALREADY_EXISTS");
  expect((await scene.resource(GLOBEX, "db-1")).externalId).toBe("db-1");
});

test("a customer that was sold nothing has no resources", async () => {
  const call = scene.as("desk").registerResource(registration("customers/nobody", "db-1"));
  expect(await reasonOf(call)).toBe("NOT_FOUND");
});

test.each<[string, Partial<activation.RegisterResourceRequest>, string]>([
  ["no UUID", { requestId: "1" }, "request_id"],
  ["no customer", { parent: "acme" }, "parent"],
  ["a license as customer", { parent: LICENSE }, "parent"],
  ["no resource", { resource: undefined }, "resource"],
])("a registration with %s is refused", async (_, given, field) => {
  const call = scene.as("desk").registerResource({ ...registration(ACME, "db-1"), ...given });
  expect(await refusedFields(call)).toEqual([field]);
});

test.each<[string, Partial<activation.Resource>, string]>([
  ["no external id", { externalId: "" }, "external_id"],
  ["an external id of 201 code points", { externalId: "x".repeat(201) }, "external_id"],
  ["a line end", { externalId: "a\nb" }, "external_id"],
  ["no display name", { displayName: "" }, "display_name"],
  ["a blank display name", { displayName: "  " }, "display_name"],
  ["a NUL", { displayName: "a\0b" }, "display_name"],
  ["a mark that turns the text", { displayName: "a\u202eb" }, "display_name"],
  ["a kind in capitals", { kind: "Database" }, "kind"],
  ["a kind of 65 characters", { kind: "d".repeat(65) }, "kind"],
])("a resource with %s is refused", async (_, given, field) => {
  const call = scene.as("desk").registerResource(registration(ACME, "db-1", given));
  expect(await refusedFields(call)).toEqual([`resource.${field}`]);
});

const rows = (...ids: readonly string[]) =>
  ids.map((id) => activation.Resource.fromPartial({ externalId: id, displayName: `Name ${id}` }));
const importing = (resources: activation.Resource[]) =>
  scene.as("desk").importResources({ requestId: freshId(), parent: ACME, resources });

test("an import registers what is not there, and leaves the others as they are", async () => {
  const known = await scene.resource(ACME, "b");
  const { resources } = await importing(rows("c", "b", "a"));
  expect(resources.map(({ resource, registered }) => [resource?.externalId, registered])).toEqual([
    ["c", true],
    ["b", false],
    ["a", true],
  ]);
  expect(resources[1]?.resource).toEqual(known);
  const again = await importing(rows("c", "b", "a"));
  expect(again.resources.map(({ registered }) => registered)).toEqual([false, false, false]);
  expect(again.resources.map(({ resource }) => resource)).toEqual(
    resources.map(({ resource }) => resource),
  );
});

test("an import names each row that breaks its rule, and registers none", async () => {
  const [first, second, third] = rows("a", "b", "c");
  const bad = [{ ...first!, displayName: "" }, second!, { ...third!, kind: "?" }];
  expect(await refusedFields(importing(bad))).toEqual([
    "resources[0].display_name",
    "resources[2].kind",
  ]);
  expect(external(await scene.as("desk").listResources(listing(ACME)))).toEqual([]);
});

test.each([
  ["no rows", () => []],
  ["1,001 rows", () => rows(...Array.from({ length: 1_001 }, (_, index) => String(index)))],
  ["an external id twice", () => rows("a", "b", "a")],
  // e with its accent, in one code point and in two.
  ["an external id twice, spelled otherwise", () => rows("caf\u00e9", "cafe\u0301")],
])("an import with %s is refused", async (_, given) => {
  expect(await refusedFields(importing(given()))).toEqual(["resources"]);
});

test("an import may have 1,000 rows", async () => {
  const ids = Array.from({ length: 1_000 }, () => freshId());
  const { resources } = await importing(rows(...ids));
  expect(resources.map(({ resource }) => resource?.externalId)).toEqual(ids);
});

test("of two imports at once each gets every resource, and one of them registers it", async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `db-${index}`);
  const imports = await Promise.all([
    importing(rows(...ids)),
    importing(rows(...ids.toReversed())),
  ]);
  const answers = imports.flatMap(({ resources }) => resources);
  expect(answers.filter(({ registered }) => registered)).toHaveLength(200);
  expect(new Set(answers.map(({ resource }) => resource?.name)).size).toBe(200);
});

test("a resource is renamed, and keeps its external id", async () => {
  const { name, externalId } = await scene.resource(ACME, "db-1");
  const request = { requestId: freshId(), name, displayName: "Plant" };
  const { resource } = await scene.as("desk").renameResource(request);
  expect(resource).toMatchObject({ name, externalId, displayName: "Plant" });
  const bad = { ...request, requestId: freshId(), displayName: "" };
  expect(await refusedFields(scene.as("desk").renameResource(bad))).toEqual(["display_name"]);
});

test("a removed resource is gone, and registered anew it is called as it was", async () => {
  const { name } = await scene.resource(ACME, "db-1");
  const desk = scene.as("desk");
  const removal = () => desk.removeResource({ requestId: freshId(), name, validateOnly: false });
  expect((await removal()).resource?.name).toBe(name);
  expect(await reasonOf(desk.getResource({ name }))).toBe("NOT_FOUND");
  expect(external(await desk.listResources(listing(ACME)))).toEqual([]);
  expect(await reasonOf(removal())).toBe("NOT_FOUND");
  const again = await desk.registerResource(registration(ACME, "db-1", { displayName: "Anew" }));
  expect(again.resource).toMatchObject({ name, displayName: "Anew", license: "" });
});

test("a removal that is only tried removes nothing", async () => {
  const { name } = await scene.resource(ACME, "db-1");
  const desk = scene.as("desk");
  await desk.removeResource({ requestId: freshId(), name, validateOnly: true });
  expect((await desk.getResource({ name })).resource?.name).toBe(name);
});

test("a repeated call gets the first answer, and another body is refused", async () => {
  const desk = scene.as("desk");
  const request = registration(ACME, "db-1");
  const first = await desk.registerResource(request);
  expect(await desk.registerResource(request)).toEqual(first);
  const other = { ...request, parent: GLOBEX };
  expect(await reasonOf(desk.registerResource(other))).toBe("REQUEST_ID_REUSED");
});

test("resources are listed by display name, in pages, and by filter", async () => {
  const names = ["delta", "alpha", "charlie", "bravo"];
  for (const name of names)
    await scene
      .as("desk")
      .registerResource(registration(ACME, `id-${name}`, { displayName: name }));
  await scene.resource(GLOBEX, "foreign");
  const desk = scene.as("desk");
  const first = await desk.listResources(listing(ACME, { pageSize: 3 }));
  expect(external(first)).toEqual(["id-alpha", "id-bravo", "id-charlie"]);
  const next = { pageSize: 3, pageToken: first.nextPageToken };
  expect(external(await desk.listResources(listing(ACME, next)))).toEqual(["id-delta"]);
  const filter = 'display_name = "bravo"';
  expect(external(await desk.listResources(listing(ACME, { filter })))).toEqual(["id-bravo"]);
  const orderBy = "external_id desc";
  expect(external(await desk.listResources(listing(ACME, { orderBy })))[0]).toBe("id-delta");
  for (const other of [
    { ...next, filter },
    { ...next, licensedOnly: true },
  ])
    expect(await refusedFields(desk.listResources(listing(ACME, other)))).toEqual(["page_token"]);
});

test.each<[string, Partial<activation.ListResourcesRequest>, string]>([
  ["a page size of -1", { pageSize: -1 }, "page_size"],
  ["a field that there is none of", { filter: "secret = 1" }, "filter"],
  ["an order that there is none of", { orderBy: "license" }, "order_by"],
  ["no customer", { parent: "customers/" }, "parent"],
])("a list with %s is refused", async (_, given, field) => {
  expect(await refusedFields(scene.as("desk").listResources(listing(ACME, given)))).toEqual([
    field,
  ]);
});

/** Every method, about a resource of Acme's. */
const CALLS = {
  registerResource: (role: Role) => scene.as(role).registerResource(registration(ACME, "new")),
  importResources: (role: Role) =>
    scene
      .as(role)
      .importResources({ requestId: freshId(), parent: ACME, resources: rows("imported") }),
  renameResource: (role: Role, name: string) =>
    scene.as(role).renameResource({ requestId: freshId(), name, displayName: "Other" }),
  bindResource: (role: Role, name: string) =>
    scene.as(role).bindResource({ requestId: freshId(), name, license: LICENSE }),
  moveResource: (role: Role, name: string) =>
    scene
      .as(role)
      .moveResource({ requestId: freshId(), name, license: LICENSE, validateOnly: false }),
  unbindResource: (role: Role, name: string) =>
    scene.as(role).unbindResource({ requestId: freshId(), name, validateOnly: false }),
  removeResource: (role: Role, name: string) =>
    scene.as(role).removeResource({ requestId: freshId(), name, validateOnly: false }),
} as const;
const MUTATIONS = Object.keys(CALLS) as readonly (keyof typeof CALLS)[];

test.each(MUTATIONS)("%s is not for those who may only look", async (method) => {
  const { name } = await scene.resource(ACME, "db-1");
  expect(await reasonOf(CALLS[method]("acme user", name))).toBe("PERMISSION_DENIED");
  expect(await reasonOf(CALLS[method]("desk reader", name))).toBe("PERMISSION_DENIED");
});

test.each(MUTATIONS)("%s knows nothing of other customers", async (method) => {
  const { name } = await scene.resource(ACME, "db-1");
  const foreign = await refusal(CALLS[method]("globex admin", name));
  expect(foreign.reason).toBe("NOT_FOUND");
  if (method === "registerResource" || method === "importResources") return;
  const absent = await refusal(CALLS[method]("desk", NOBODY));
  expect([foreign.reason, foreign.message]).toEqual([absent.reason, absent.message]);
});

test("an administrator of a customer does everything there", async () => {
  const ada = scene.as("acme admin");
  const { resource } = await ada.registerResource(registration(ACME, "db-1"));
  const { name } = present(resource);
  const bound = await ada.bindResource({ requestId: freshId(), name, license: LICENSE });
  expect(bound.resource?.license).toBe(LICENSE);
  await ada.unbindResource({ requestId: freshId(), name, validateOnly: false });
  await ada.removeResource({ requestId: freshId(), name, validateOnly: false });
  await scene.license("customers/initech/licenses/one");
  const elsewhere = ada.registerResource(registration("customers/initech", "db-1"));
  expect(await reasonOf(elsewhere)).toBe("PERMISSION_DENIED");
});

test("whoever acts for a customer reads what is its own, and nothing else", async () => {
  const { name } = await scene.resource(ACME, "db-1");
  for (const role of ["acme admin", "acme user", "desk reader"] as const) {
    expect((await scene.as(role).getResource({ name })).resource?.name).toBe(name);
    expect(external(await scene.as(role).listResources(listing(ACME)))).toEqual(["db-1"]);
  }
  const gil = scene.as("globex admin");
  expect(await reasonOf(gil.getResource({ name }))).toBe("NOT_FOUND");
  expect(await reasonOf(gil.listResources(listing(ACME)))).toBe("NOT_FOUND");
  const anyone = scene.with({}).resources;
  expect(await reasonOf(anyone.getResource({ name }))).toBe("UNAUTHENTICATED");
});

test.each(["acme", `${ACME}/resources/1`, LICENSE, ""])(
  "%j is no resource's name",
  async (name) => {
    expect(await refusedFields(scene.as("desk").getResource({ name }))).toEqual(["name"]);
    const request = { requestId: freshId(), name, validateOnly: false };
    expect(await refusedFields(scene.as("desk").unbindResource(request))).toEqual(["name"]);
  },
);
