import { issuer } from "@leasehold/contracts";
import { until } from "@leasehold/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Agent } from "./agent/agent.ts";
import type { Sale, Sold } from "./desk/licensing-desk.ts";
import type { Machine } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  seats: 2,
  features: ["dataflow"],
  leaseTimes: { validityMs: 20_000, graceMs: 5_000 },
  changePolicy: "RESTART_REQUIRED",
};
const GROWN: Sale = { ...SALE, seats: 3, features: ["workflow"] };
const LIMIT_MS = 15_000;

let story: Story;

beforeAll(async () => {
  story = await openStory();
}, 120_000);

afterAll(() => story[Symbol.asyncDispose]());

describe("a license whose changes ask for a restart", () => {
  let sold: Sold;
  let machine: Machine;
  let agents: readonly [Agent, Agent];

  beforeEach(async () => {
    sold = await story.desk.sell(SALE);
    machine = await story.unlock(sold, sold.license.name.slice(-12));
    agents = [await begin("ada"), await begin("luigi")];
  });

  /** Starts a client application on the machine, and lets it work. */
  async function begin(user: string): Promise<Agent> {
    const agent = await story.startAgent(machine);
    await agent.told("connected");
    expect(await agent.acquire(user)).toMatchObject({ kind: "acquired" });
    return agent;
  }

  async function grow(): Promise<void> {
    const told = agents.map((agent) => agent.told("restartRequired"));
    await story.desk.amend(sold.license.name, GROWN, ["seats", "features"]);
    for (const { from, to } of await Promise.all(told)) expect([from, to]).toEqual(["1", "2"]);
  }

  test("running clients keep their seats and features, and are told what waits", async () => {
    await grow();
    for (const agent of agents) {
      const before = { held: true, seats: 2, revision: "1", pending: "2" };
      expect(await agent.look("dataflow")).toMatchObject({ ...before, feature: true });
      expect(await agent.look("workflow")).toMatchObject({ feature: false });
    }
  });

  test("clients that save, end and start again work under the new license, one after the other", async () => {
    await grow();
    const [first, second] = agents;
    await first[Symbol.asyncDispose]();
    const again = await begin("ada");
    const after = { held: true, seats: 3, revision: "2", pending: "" };
    expect(await again.look("workflow")).toMatchObject({ ...after, feature: true });
    expect(await again.look("dataflow")).toMatchObject({ feature: false });
    expect(await second.look("dataflow")).toMatchObject({ held: true, feature: true });
  });

  test("seats that were added can be had at once, by those who start then", async () => {
    await grow();
    const third = await begin("mary");
    expect(await third.look("workflow")).toMatchObject({ held: true, feature: true });
  });

  test("a suspension does not wait for a restart", async () => {
    await story.desk.suspend(sold.license.name);
    for (const agent of agents) {
      await agent.told("revoked");
      const view = await agent.look("dataflow");
      expect(view).toMatchObject({ held: false, feature: false, state: "suspended" });
    }
  });

  test("a revocation does not wait for a restart, though a change does already", async () => {
    await grow();
    await story.desk.revoke(sold.license.name);
    for (const agent of agents) {
      await agent.told("revoked");
      expect(await agent.look("dataflow")).toMatchObject({ held: false, feature: false });
      expect(await agent.acquire("ada")).toMatchObject({ reason: "LICENSE_REVOKED" });
    }
  });
});

describe("versions of client and server", () => {
  test("the product's rule reaches clients: warned beyond it, refused outside what is supported", async () => {
    const sold = await story.desk.sell({ ...SALE, changePolicy: "LIVE" });
    const machine = await story.unlock(sold, sold.license.name.slice(-12));
    const agent = await story.startAgent(machine, { application: "3.9.2", server: "4.1" });
    expect(await agent.acquire("ada")).toMatchObject({ kind: "acquired", warnings: [] });
    await agent.release();

    const tolerance = issuer.VersionTolerance.SAME_MAJOR;
    await story.desk.ruleVersions(sold.license.product, { tolerance });
    const warning = await until("the client is warned", LIMIT_MS, async () => {
      const outcome = await agent.acquire("ada");
      await agent.release();
      return outcome.kind === "acquired" ? outcome.warnings[0] : undefined;
    });
    expect(warning).toBe("client-older");

    const supported = { oldest: "4" };
    await story.desk.ruleVersions(sold.license.product, { tolerance, supported });
    const refused = await until("the client is refused", LIMIT_MS, async () => {
      const outcome = await agent.acquire("ada");
      await agent.release();
      return outcome.kind === "refused" ? outcome : undefined;
    });
    expect(refused).toMatchObject({
      reason: "VERSION_NOT_COVERED",
      metadata: { update: "client", version: "3.9.2", oldest: "4" },
    });
  });

  test("a license for certain versions has no seats for others", async () => {
    const sold = await story.desk.sell({ ...SALE, versions: { newest: "4" } });
    const machine = await story.unlock(sold, sold.license.name.slice(-12));
    const newer = await story.startAgent(machine, { application: "5.0" });
    expect(await newer.acquire("ada")).toMatchObject({
      reason: "VERSION_NOT_COVERED",
      metadata: { newest: "4" },
    });
    const fitting = await story.startAgent(machine, { application: "4.7.1" });
    expect(await fitting.acquire("ada")).toMatchObject({ kind: "acquired" });
  });
});
