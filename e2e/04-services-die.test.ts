import { isProblem } from "@leasehold/kernel";
import { until } from "@leasehold/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Agent } from "./agent/agent.ts";
import type { Sale, Sold } from "./desk/licensing-desk.ts";
import { openStory, type Story } from "./site/story.ts";

/** Long enough to start a service again in, on a busy machine. */
const SALE: Sale = {
  seats: 3,
  features: ["dataflow"],
  leaseTimes: { validityMs: 20_000, graceMs: 5_000 },
};
const LIMIT = { timeout: 60_000, interval: 100 };

let story: Story;
let sold: Sold;
let agents: readonly Agent[];

beforeAll(async () => {
  story = await openStory();
}, 120_000);

afterAll(() => story[Symbol.asyncDispose]());

/** A license of its own for each test; two of three seats are held. */
beforeEach(async () => {
  sold = await story.desk.sell(SALE);
  const machine = await story.unlock(sold, sold.license.name.slice(-12));
  const start = () => story.startAgent(machine);
  agents = await Promise.all([start(), start(), start()]);
  await Promise.all(agents.map((agent) => agent.told("connected")));
  await twoWork();
}, 60_000);

async function twoWork(): Promise<void> {
  for (const agent of agents.slice(0, 2))
    expect(await agent.acquire("ada")).toMatchObject({ kind: "acquired" });
}

/** The earliest instant at which a seat of the license becomes free unless it is renewed. */
async function earliestExpiry(): Promise<number> {
  const seats = await story.desk.seats(sold.license.name);
  expect(seats).toHaveLength(2);
  return Math.min(...seats.map(({ expireTime }) => expireTime?.getTime() ?? 0));
}

async function expectSeatsRenewed(): Promise<void> {
  const before = await earliestExpiry();
  await expect.poll(earliestExpiry, LIMIT).toBeGreaterThan(before);
}

async function expectNobodyNoticed(): Promise<void> {
  for (const agent of agents.slice(0, 2)) {
    expect(await agent.look()).toMatchObject({ held: true });
    const told = agent.reports.map(({ tell }) => tell);
    expect(told).not.toContain("lost");
    expect(told).not.toContain("revoked");
  }
}

test("a seat-broker that is killed and started again costs nobody a seat", async () => {
  const from = agents.map(({ reports }) => reports.length);
  await story.cluster.kill("seat-broker");
  await Promise.all(agents.map((agent, i) => agent.told("disconnected", from[i])));
  await expectNobodyNoticed();
  await story.cluster.restart("seat-broker");
  await Promise.all(agents.map((agent, i) => agent.told("connected", from[i])));
  await expectSeatsRenewed();
  await expectNobodyNoticed();
  expect(await agents[2]!.acquire("mary")).toMatchObject({ kind: "acquired" });
}, 120_000);

test("a change that is made while the seat-broker is dead reaches clients when it is back", async () => {
  const from = agents.map(({ reports }) => reports.length);
  await story.cluster.kill("seat-broker");
  await Promise.all(agents.map((agent, i) => agent.told("disconnected", from[i])));
  await story.desk.amend(sold.license.name, { ...SALE, seats: 4 }, ["seats"]);
  const heard = agents.map((agent) => agent.told("licenseChanged", agent.reports.length));
  await story.cluster.restart("seat-broker");
  expect((await Promise.all(heard)).map(({ seats }) => seats)).toEqual([4, 4, 4]);
  await expectNobodyNoticed();
}, 120_000);

test("while activation is dead, seats are held, renewed and granted; back again, it tells of changes", async () => {
  await story.cluster.kill("activation");
  await expectSeatsRenewed();
  expect(await agents[2]!.acquire("mary")).toMatchObject({ kind: "acquired" });
  await expectNobodyNoticed();
  const heard = agents.map((agent) => agent.told("licenseChanged", agent.reports.length));
  await story.desk.amend(sold.license.name, { ...SALE, seats: 4 }, ["seats"]);
  await story.cluster.restart("activation");
  expect((await Promise.all(heard)).map(({ seats }) => seats)).toEqual([4, 4, 4]);
  await expectNobodyNoticed();
}, 120_000);

test("while the issuer is dead, seats are held, renewed and granted; back again, it sells on", async () => {
  await story.cluster.kill("issuer");
  await expectSeatsRenewed();
  expect(await agents[2]!.acquire("mary")).toMatchObject({ kind: "acquired" });
  await expectNobodyNoticed();
  await story.cluster.restart("issuer");
  const heard = agents.map((agent) => agent.told("licenseChanged", agent.reports.length));
  // The desk's own connection may take a while to notice that the issuer is back.
  await until("the desk works again", LIMIT.timeout, () =>
    story.desk.amend(sold.license.name, { ...SALE, seats: 4 }, ["seats"]).catch((failure) => {
      if (!isProblem(failure, "DEPENDENCY_UNAVAILABLE")) throw failure;
      return undefined;
    }),
  );
  expect((await Promise.all(heard)).map(({ seats }) => seats)).toEqual([4, 4, 4]);
  await expectNobodyNoticed();
}, 120_000);
