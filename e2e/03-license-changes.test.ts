import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Agent } from "./agent/agent.ts";
import type { Sale, Sold } from "./desk/licensing-desk.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  seats: 1,
  features: ["dataflow"],
  leaseTimes: { validityMs: 20_000, graceMs: 5_000 },
};

let story: Story;
let sold: Sold;
let agents: readonly [Agent, Agent];

beforeAll(async () => {
  story = await openStory();
}, 120_000);

afterAll(() => story[Symbol.asyncDispose]());

/** A license of its own for each test; one agent works, the other wants to. */
beforeEach(async () => {
  sold = await story.desk.sell(SALE);
  const machine = await story.unlock(sold, sold.license.name.slice(-12));
  const start = () => story.startAgent(machine);
  agents = await Promise.all([start(), start()]);
  await Promise.all(agents.map((agent) => agent.told("connected")));
  await oneWorks();
});

async function oneWorks(): Promise<void> {
  expect(await agents[0].acquire("ada")).toMatchObject({ kind: "acquired" });
  expect(await agents[1].acquire("luigi")).toMatchObject({ reason: "NO_SEATS" });
}

/** Does something at the desk, and waits until both agents have heard of it. */
async function heard(change: () => Promise<unknown>) {
  const told = agents.map((agent) => agent.told("licenseChanged", agent.reports.length));
  await change();
  return Promise.all(told);
}

test("more seats are there for running clients at once", async () => {
  const { name } = sold.license;
  const changes = await heard(() => story.desk.amend(name, { ...SALE, seats: 2 }, ["seats"]));
  expect(changes.map(({ seats }) => seats)).toEqual([2, 2]);
  expect(await agents[1].acquire("luigi")).toMatchObject({ kind: "acquired" });
  expect(await agents[0].look()).toMatchObject({ held: true, seats: 2 });
});

test("features that are added or dropped change in running clients", async () => {
  const { name } = sold.license;
  const features = ["workflow"];
  await heard(() => story.desk.amend(name, { ...SALE, features }, ["features"]));
  expect(await agents[0].look("workflow")).toMatchObject({ feature: true, held: true });
  expect(await agents[0].look("dataflow")).toMatchObject({ feature: false });
});

test("fewer seats take nobody's away, and are not granted again", async () => {
  const { name } = sold.license;
  await heard(() => story.desk.amend(name, { ...SALE, seats: 2 }, ["seats"]));
  expect(await agents[1].acquire("luigi")).toMatchObject({ kind: "acquired" });
  await heard(() => story.desk.amend(name, SALE, ["seats"]));
  for (const agent of agents) expect(await agent.look()).toMatchObject({ held: true });
  await agents[1].release();
  expect(await agents[1].acquire("luigi")).toMatchObject({ reason: "NO_SEATS" });
  await agents[0].release();
  expect(await agents[1].acquire("luigi")).toMatchObject({ kind: "acquired" });
});

test("a suspended license stops its clients; resumed, they may compete again", async () => {
  const { name } = sold.license;
  const [suspended] = await heard(() => story.desk.suspend(name));
  expect(suspended?.state).toBe("suspended");
  await agents[0].told("revoked");
  expect(await agents[0].look("dataflow")).toMatchObject({ held: false, feature: false });
  expect(await agents[1].acquire("luigi")).toMatchObject({ reason: "LICENSE_SUSPENDED" });
  await agents[0].release();
  await heard(() => story.desk.resume(name));
  expect(await agents[1].acquire("luigi")).toMatchObject({ kind: "acquired" });
  expect(await agents[1].look("dataflow")).toMatchObject({ held: true, feature: true });
});

test("a revoked license stops its clients for good", async () => {
  await heard(() => story.desk.revoke(sold.license.name));
  await agents[0].told("revoked");
  expect(await agents[0].look("dataflow")).toMatchObject({ held: false, feature: false });
  for (const agent of agents)
    expect(await agent.acquire("ada")).toMatchObject({ reason: "LICENSE_REVOKED" });
});
