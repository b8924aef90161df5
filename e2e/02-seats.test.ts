import { seatBroker } from "@leasehold/contracts";
import { until } from "@leasehold/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Agent } from "./agent/agent.ts";
import type { Sale, Sold } from "./desk/licensing-desk.ts";
import { CarelessClient } from "./site/careless-client.ts";
import type { Machine } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  seats: 3,
  features: ["dataflow"],
  leaseTimes: { validityMs: 3_000, graceMs: 1_000 },
};

let story: Story;
let sold: Sold;
let machine: Machine;
let agents: readonly [Agent, Agent, Agent, Agent];

beforeAll(async () => {
  story = await openStory({ fence: "1s" });
}, 120_000);

afterAll(() => story[Symbol.asyncDispose]());

/** A license of its own for each test, and four agents under it. */
beforeEach(async () => {
  sold = await story.desk.sell(SALE);
  machine = await story.unlock(sold, sold.license.name.slice(-12));
  const start = () => story.startAgent(machine);
  agents = await Promise.all([start(), start(), start(), start()]);
});

const acquired = { kind: "acquired" };
const noSeats = { kind: "refused", reason: "NO_SEATS" };

/** @returns the fencing token */
function seatFor(agent: Agent, user: string): Promise<bigint> {
  return until(`${user} gets a seat`, 20_000, async () => {
    const outcome = await agent.acquire(user);
    return outcome.kind === "acquired" ? BigInt(outcome.fencingToken) : undefined;
  });
}

/** @returns the highest fencing token */
async function threeWork(): Promise<bigint> {
  const fences: bigint[] = [];
  for (const agent of agents.slice(0, 3)) {
    const outcome = await agent.acquire("ada");
    expect(outcome).toMatchObject(acquired);
    if (outcome.kind === "acquired") fences.push(BigInt(outcome.fencingToken));
  }
  expect(fences).toEqual(fences.toSorted((a, b) => (a < b ? -1 : 1)));
  return fences.at(-1) ?? 0n;
}

test("three of four work, the fourth is told why not and when to try again", async () => {
  await threeWork();
  const refused = await agents[3].acquire("luigi");
  expect(refused).toMatchObject(noSeats);
  expect(refused.kind === "refused" && refused.retryAfterMs).toBeGreaterThan(0);
  expect(await story.desk.seats(sold.license.name)).toHaveLength(3);
  await agents[0].release();
  expect(await agents[3].acquire("luigi")).toMatchObject(acquired);
});

test("a client that waits knows its place, and gets the seat that is given back before any other", async () => {
  await threeWork();
  const waiting = agents[3].acquire("luigi", { wait: true });
  expect(await agents[3].told("position")).toMatchObject({ ahead: 0 });
  await agents[0].release();
  expect(await agents[0].acquire("ada")).toMatchObject(noSeats);
  expect(await waiting).toMatchObject(acquired);
});

test("a client that is killed gives its seat back by being silent", async () => {
  const highest = await threeWork();
  await agents[0].kill();
  expect(await agents[3].acquire("luigi")).toMatchObject(noSeats);
  expect(await seatFor(agents[3], "luigi")).toBeGreaterThan(highest);
  for (const survivor of agents.slice(1))
    expect(await survivor.look()).toMatchObject({ held: true });
});

test("a client that was paused for too long finds its seat gone, and competes again", async () => {
  await threeWork();
  const [sleeper] = agents;
  sleeper.pause();
  await seatFor(agents[3], "luigi");
  sleeper.resume();
  await sleeper.told("lost");
  expect(await sleeper.look()).toMatchObject({ held: false, end: "lost" });
  expect(await sleeper.acquire("ada")).toMatchObject(noSeats);
  await agents[3].release();
  expect(await sleeper.acquire("ada")).toMatchObject(acquired);
});

test("a client that keeps no rule cannot revive a lease by beating late", async () => {
  await using careless = new CarelessClient(
    machine.installation,
    story.cluster.connect(story.cluster.addresses.seatBroker),
  );
  const lease = await careless.acquire(careless.newLeaseId());
  expect(await careless.beat(lease)).toBe(seatBroker.RenewalOutcome.RENEWED);
  await until("the lease has expired", 15_000, async () => {
    const live = await story.desk.seats(sold.license.name);
    return live.length === 0 ? true : undefined;
  });
  expect(await careless.beat(lease)).toBe(seatBroker.RenewalOutcome.EXPIRED);
  expect(await story.desk.seats(sold.license.name)).toHaveLength(0);
  await threeWork();
});

test("a client that ends in order gives its seat back at once", async () => {
  await threeWork();
  await agents[0][Symbol.asyncDispose]();
  expect(await agents[3].acquire("luigi")).toMatchObject(acquired);
});
