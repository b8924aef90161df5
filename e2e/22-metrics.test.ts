import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sold } from "./desk/licensing-desk.ts";
import { type Scrape, scrape } from "./metrics/scrape.ts";
import type { Machine } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE = {
  seats: 3,
  features: ["dataflow"],
  leaseTimes: { validityMs: 45_000, graceMs: 10_000 },
} as const;
const LIMIT = { timeout: 30_000 };

const stack = new AsyncDisposableStack();
let story: Story;
let sold: Sold;
let machine: Machine;

beforeAll(async () => {
  story = stack.use(await openStory());
  sold = await story.desk.sell(SALE);
  machine = await story.unlock(sold, "mill");
}, 120_000);

afterAll(() => stack.disposeAsync());

function of(service: "issuer" | "activation" | "seat-broker"): Promise<Scrape> {
  return scrape(story.cluster.metricsUrls.get(service) ?? "");
}

test("what was sold and unlocked is counted by whoever did it", async () => {
  expect((await of("activation")).get("leasehold_unlocks_total")).toBe(1);
  const issuer = await of("issuer");
  expect(issuer.get("leasehold_issuer_mutations_total")).toBeGreaterThan(0);
  expect(issuer.get("leasehold_certificates_issued_total")).toBeGreaterThan(0);
});

test("after a day's work the metrics tell it: grants, denials by cause, live seats, renewals", async () => {
  const start = () => story.startAgent(machine);
  const agents = await Promise.all([start(), start(), start(), start()]);
  for (const agent of agents.slice(0, 3))
    expect(await agent.acquire("ada")).toMatchObject({ kind: "acquired" });
  expect(await agents[3].acquire("luigi")).toMatchObject({ reason: "NO_SEATS" });
  const broker = await of("seat-broker");
  expect(broker.get('leasehold_leases_granted_total{overdraft="no"}')).toBe(3);
  expect(broker.get('leasehold_acquires_total{outcome="granted"}')).toBe(3);
  expect(broker.get('leasehold_denials_total{cause="FULL"}')).toBe(1);
  expect(broker.get('leasehold_denials_total{cause="DRAINED"}')).toBe(0);
  expect(broker.get("leasehold_keep_alive_streams")).toBe(4);
  const found = async (name: string) => (await of("seat-broker")).get(name);
  // The ledger tells which pools are in use, and learns of it a moment later.
  await expect.poll(() => found("leasehold_seats_live"), LIMIT).toBe(3);
  await expect.poll(() => found('leasehold_pools{state="full"}'), LIMIT).toBe(1);
  expect(await found("leasehold_seats_limit")).toBe(3);
  await expect
    .poll(() => found('leasehold_renewals_total{outcome="renewed"}'), LIMIT)
    .toBeGreaterThan(2);
  await agents[0].release();
  await expect.poll(() => found("leasehold_seats_live"), LIMIT).toBe(2);
});

test("a change of a license gets as far as the metrics say that it got", async () => {
  const positions = async () => {
    const [issuer, activation, broker] = await Promise.all([
      of("issuer"),
      of("activation"),
      of("seat-broker"),
    ]);
    return [
      issuer.get('leasehold_feed_position{feed="licenses"}') ===
        activation.get('leasehold_feed_followed_position{feed="licenses"}'),
      activation.get('leasehold_feed_position{feed="entitlements"}') ===
        broker.get('leasehold_feed_followed_position{feed="entitlements"}'),
    ];
  };
  await story.desk.amend(sold.license.name, { ...SALE, seats: 5 }, ["seats"]);
  await expect.poll(positions, LIMIT).toEqual([true, true]);
  await expect
    .poll(async () => (await of("seat-broker")).get("leasehold_seats_limit"), LIMIT)
    .toBe(5);
});

test("at the address of the metrics nothing else is answered", async () => {
  for (const url of story.cluster.metricsUrls.values()) {
    const { origin } = new URL(url);
    expect((await fetch(origin)).status).toBe(404);
    expect((await fetch(`${origin}/metrics/x`)).status).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
  }
});
