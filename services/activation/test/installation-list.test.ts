import type { activation } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { change, newLicense, refreshRequest, refusal } from "./installation-scene.ts";
import { type RunningActivation, runningActivation } from "./running-activation.ts";
import { freshId } from "./unlock-requests.ts";
import { unlockedInstallation } from "./unlocked-installation.ts";

let running: RunningActivation;
let license: string;
let elsewhere: string;

/** The names of machines, in the order in which they were unlocked. */
const HOSTS = ["mill", "store", "barrel", "press"];

beforeAll(async () => {
  running = await runningActivation();
  const sold = newLicense(running, { customer: "babbage" });
  const other = newLicense(running, { customer: "babbage" });
  const foreign = newLicense(running, { customer: "other" });
  license = sold.name;
  elsewhere = other.name;
  const machines = [];
  for (const host of HOSTS) machines.push(await unlockedInstallation(running, sold.key, { host }));
  await unlockedInstallation(running, other.key, { host: "annex" });
  await unlockedInstallation(running, foreign.key, { host: "abroad" });
  const names = machines.map(({ installation }) => installation.name);
  await running.lives().disableInstallation(change(names[1]!));
  await running.lives().deactivateInstallation(change(names[2]!));
  await running.lives().renameInstallation({
    requestId: freshId(),
    name: names[0]!,
    displayName: "The Mill",
  });
  const press = running.lives(machines[3]!.livesCredentials);
  await press.refreshInstallation(refreshRequest(0n, { applicationVersion: "4.2" }));
  await refusal(press.refreshInstallation(refreshRequest(0n)));
});
afterAll(() => running[Symbol.asyncDispose]());

async function hosts(
  given: Partial<activation.ListInstallationsRequest> = {},
  who?: "ada" | "luigi" | "mallory",
): Promise<readonly string[]> {
  const page = await running.lives(who).listInstallations(request(given));
  return page.installations.map(({ host }) => host);
}

function request(
  given: Partial<activation.ListInstallationsRequest> = {},
): activation.ListInstallationsRequest {
  return { parent: license, pageSize: 0, pageToken: "", filter: "", orderBy: "", ...given };
}

test("the installations of a license, the newest at the front", async () => {
  expect(await hosts()).toEqual(["press", "barrel", "store", "mill"]);
  expect(await hosts({ parent: elsewhere })).toEqual(["annex"]);
});

test("the installations of all licenses of a customer", async () => {
  const parent = "customers/babbage/licenses/-";
  expect(await hosts({ parent }, "ada")).toEqual(["annex", "press", "barrel", "store", "mill"]);
  expect(await hosts({ parent, filter: `license = "${elsewhere}"` })).toEqual(["annex"]);
});

test.each([
  ["state = ACTIVE", ["press", "mill"]],
  ["state != ACTIVE", ["barrel", "store"]],
  ["state = ENDED", ["barrel"]],
  ['host = "st*"', ["store"]],
  ['display_name:"mill"', ["mill"]],
  ["has_conflict = true", ["press"]],
  ['application_version = "4.2"', ["press"]],
  ["create_time < 2020-01-01T00:00:00Z", []],
  ["last_seen_time > 2020-01-01T00:00:00Z AND state = DISABLED", ["store"]],
])("filtered by %s", async (filter, expected) => {
  expect(await hosts({ filter })).toEqual(expected);
});

test.each([
  ["host", ["barrel", "mill", "press", "store"]],
  ["display_name desc, host", ["mill", "barrel", "press", "store"]],
  ["last_seen_time desc", ["press", "barrel", "store", "mill"]],
  ["create_time", HOSTS],
])("ordered by %s", async (orderBy, expected) => {
  expect(await hosts({ orderBy })).toEqual(expected);
});

test("pages together are the list, and a token is good for its own list alone", async () => {
  const found: string[] = [];
  let pageToken = "";
  do {
    const page = await running.lives().listInstallations(request({ pageSize: 3, pageToken }));
    found.push(...page.installations.map(({ host }) => host));
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  expect(found).toEqual(await hosts());
  const { nextPageToken } = await running.lives().listInstallations(request({ pageSize: 1 }));
  for (const other of [{ filter: "state = ACTIVE" }, { parent: elsewhere }, { orderBy: "host" }])
    expect(
      await refusal(
        running.lives().listInstallations(request({ pageToken: nextPageToken, ...other })),
      ),
    ).toMatchObject({ violations: [{ field: "page_token" }] });
});

test("a token of before a restart still counts", async () => {
  const { nextPageToken } = await running.lives().listInstallations(request({ pageSize: 3 }));
  await running.restart();
  expect(await hosts({ pageToken: nextPageToken })).toEqual(["mill"]);
});

test.each([
  ["parent", { parent: "customers/babbage" }],
  ["parent", { parent: "customers/-/licenses/-" }],
  ["parent", { parent: "customers/babbage/licenses/%" }],
  ["page_size", { pageSize: -1 }],
  ["page_token", { pageToken: "nonsense" }],
  ["filter", { filter: "state = BROKEN" }],
  ["filter", { filter: "public_key = 1" }],
  ["order_by", { orderBy: "state" }],
])("a bad %s is named (%#)", async (field, given) => {
  expect(await refusal(running.lives().listInstallations(request(given)))).toMatchObject({
    reason: "INVALID_REQUEST",
    violations: [{ field }],
  });
});

test("those who only look may list; to another customer's people it is as if nothing were there", async () => {
  const asLuigi = request({ parent: "customers/acme/licenses/-" });
  expect(await running.lives("luigi").listInstallations(asLuigi)).toMatchObject({
    installations: [],
  });
  const absent = request({ parent: "customers/nobody/licenses/-" });
  const nothing = await refusal(running.lives("mallory").listInstallations(absent));
  expect(nothing).toMatchObject({ reason: "NOT_FOUND" });
  for (const parent of [license, "customers/babbage/licenses/-"])
    expect(await refusal(running.lives("mallory").listInstallations(request({ parent })))).toEqual(
      nothing,
    );
});

test("nobody else lists", async () => {
  expect(await refusal(running.lives({}).listInstallations(request()))).toMatchObject({
    reason: "UNAUTHENTICATED",
  });
  const { key } = newLicense(running);
  const { livesCredentials } = await unlockedInstallation(running, key);
  expect(await refusal(running.lives(livesCredentials).listInstallations(request()))).toMatchObject(
    { reason: "PERMISSION_DENIED" },
  );
});
