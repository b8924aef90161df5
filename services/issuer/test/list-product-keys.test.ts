import { issuer } from "@leasehold/contracts";
import { newUuid, systemClock, systemRandom } from "@leasehold/kernel";
import { manualClock } from "@leasehold/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCustomer,
  createStudio,
  issueLicense,
  issuerUnderTest,
  requestId,
} from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { productKeys } from "./keyed-license.ts";
import type { ProductKeyClient } from "./keyed-license.ts";
import { refusal, refusedFields } from "./refusal.ts";

const NOW = Date.UTC(2030, 0, 1);
const clock = manualClock(NOW);

let under: IssuerUnderTest;
let keys: ProductKeyClient;
/** A license, and the names of its four keys, one made each second: the first is revoked, the second was reissued as the last. */
let parent: string;
let names: readonly string[];

beforeAll(async () => {
  under = await issuerUnderTest({ clock });
  keys = productKeys(under);
  const customer = (await createCustomer(under.admin)).name;
  await createStudio(under.admin);
  parent = (await issueLicense(under.admin, customer)).name;
  const made = [await newKey(), await newKey(), await newKey()];
  await keys.revokeProductKey({ requestId: requestId(), name: made[0]! });
  const reissued = await keys.reissueProductKey({ requestId: requestId(), name: made[1]! });
  names = [...made, reissued.productKey!.name];
});
afterAll(() => under[Symbol.asyncDispose]());

async function newKey(): Promise<string> {
  const { productKey } = await under.admin.createProductKey({ requestId: requestId(), parent });
  clock.advance(1_000);
  return productKey!.name;
}

/** The places, in the order of making, of the keys that are listed. */
async function placesOf(request: object): Promise<readonly number[]> {
  const { productKeys: listed } = await keys.listProductKeys({ parent, ...request });
  return listed.map(({ name }) => names.indexOf(name));
}

test("the newest key stands in front, each with its state and its successor", async () => {
  const { productKeys: listed, nextPageToken } = await keys.listProductKeys({ parent });
  const { ACTIVE, REVOKED } = issuer.ProductKeyState;
  expect(listed.map(({ name }) => name)).toEqual(names.toReversed());
  expect(listed.map(({ state }) => state)).toEqual([ACTIVE, ACTIVE, REVOKED, REVOKED]);
  expect(listed.map(({ replacedBy }) => replacedBy)).toEqual(["", "", names[3], ""]);
  expect(listed[3]?.createTime).toEqual(new Date(NOW));
  expect(nextPageToken).toBe("");
});

test.each([
  ["state = ACTIVE", [3, 2]],
  ["state != ACTIVE", [1, 0]],
  ["create_time >= 2030-01-01T00:00:02Z", [3, 2]],
  ["state = REVOKED AND create_time > 2030-01-01T00:00:00Z", [1]],
  ['hint = "2*"', [3, 2, 1, 0]],
  ['hint = "1*"', []],
])("the filter %s finds the keys of %j", async (filter, places) => {
  expect(await placesOf({ filter })).toEqual(places);
});

test("a key is found by its hint", async () => {
  const { productKeys: listed } = await keys.listProductKeys({ parent });
  const filter = `hint = "${listed[1]!.hint}"`;
  expect(await placesOf({ filter })).toContain(2);
});

test("the oldest stands in front if that is asked for", async () => {
  expect(await placesOf({ orderBy: "create_time" })).toEqual([0, 1, 2, 3]);
  expect(await placesOf({ orderBy: "create_time desc" })).toEqual([3, 2, 1, 0]);
});

test("each key comes once over all pages, those that were made at one instant too", async () => {
  const { name } = await issueLicense(under.admin, parent.split("/licenses/")[0]!);
  const request = { requestId: requestId(), parent: name, count: 7 };
  const made: string[] = [];
  for await (const answer of keys.generateProductKeys(request))
    made.push(...answer.keys.map(({ productKey }) => productKey!.name));
  const listed: string[] = [];
  let pageToken = "";
  do {
    const page = await keys.listProductKeys({ parent: name, pageSize: 3, pageToken });
    listed.push(...page.productKeys.map((key) => key.name));
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  expect(listed).toHaveLength(7);
  expect(listed.toSorted()).toEqual(made.toSorted());
});

test("a token of another filter, order or license is refused", async () => {
  const { nextPageToken: pageToken } = await keys.listProductKeys({ parent, pageSize: 1 });
  expect(pageToken).not.toBe("");
  for (const change of [{ filter: "state = ACTIVE" }, { orderBy: "create_time" }]) {
    const call = keys.listProductKeys({ parent, pageSize: 1, pageToken, ...change });
    expect(await refusedFields(call)).toEqual(["page_token"]);
  }
  const other = (await issueLicense(under.admin, parent.split("/licenses/")[0]!)).name;
  const call = keys.listProductKeys({ parent: other, pageSize: 1, pageToken });
  expect(await refusedFields(call)).toEqual(["page_token"]);
});

test.each<[string, object, readonly string[]]>([
  ["a parent that is no license", { parent: "customers/acme" }, ["parent"]],
  ["a negative page size", { pageSize: -1 }, ["page_size"]],
  ["a field that is none of the list's", { filter: "secret = 1" }, ["filter"]],
  ["a state of its own", { filter: "state = PAUSED" }, ["filter"]],
  ["an order by what is not ordered by", { orderBy: "hint" }, ["order_by"]],
  ["a token of nobody's", { pageToken: "abc" }, ["page_token"]],
])("%s is refused, by its field", async (_, change, fields) => {
  expect(await refusedFields(keys.listProductKeys({ parent, ...change }))).toEqual(fields);
});

test("the keys of no license, and of another customer's, are not listed", async () => {
  const unknown = `${parent.split("/licenses/")[0]}/licenses/${newUuid(systemClock, systemRandom)}`;
  const customer = (await createCustomer(under.admin)).name;
  const foreign = `${customer}/licenses/${parent.split("/").at(-1)}`;
  for (const name of [unknown, foreign])
    expect((await refusal(keys.listProductKeys({ parent: name }))).reason).toBe("NOT_FOUND");
});
