import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClientProcess, mostHeldAtOnce } from "./client-process.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

const SEATS = 7;
const CLIENTS = 50;
const CALLS_EACH = 4;

describe.each([1, 2])("200 acquires of 50 clients on 7 seats through %d brokers", (brokers) => {
  let running: RunningBrokers;
  beforeAll(async () => {
    running = await runningBrokers({ brokers });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  async function clients() {
    const pool = somePool({ seats: SEATS });
    await running.issue(pool);
    const installations = await Promise.all(
      Array.from({ length: CLIENTS }, (_, index) => running.installation(pool, index % brokers)),
    );
    const processes = installations.map((installation, index) => {
      let turn = index;
      // Each call goes to the next broker, as a client that switches does.
      return new ClientProcess(pool, () => installation.at((turn += 1) % brokers));
    });
    return { pool, processes };
  }

  test("grant seven, in parallel and with every call sent twice", async () => {
    const { pool, processes } = await clients();
    const calls = processes.flatMap((process) =>
      Array.from({ length: CALLS_EACH }, () => {
        const id = someLease(pool.license);
        return Promise.all([process.acquire(id), process.acquire(id)]);
      }),
    );
    const outcomes = await Promise.all(calls);
    const granted = outcomes.filter((pair) => pair.some((one) => typeof one !== "string"));
    const refused = outcomes.flat().filter((one) => typeof one === "string");
    expect(new Set(refused)).toEqual(new Set(["NO_SEATS"]));
    expect(granted).toHaveLength(SEATS);
    // A repeated call tells of the same lease, never of a second one.
    const fences = granted.map((pair) =>
      pair.flatMap((one) => (typeof one === "string" ? [] : [one.fence])),
    );
    expect(fences.every((pair) => new Set(pair).size === 1)).toBe(true);
    expect(new Set(fences.flat()).size).toBe(SEATS);
    const listed = await running
      .desk()
      .listSeats({ parent: pool.name, pageSize: 0, pageToken: "", filter: undefined });
    expect(listed.pool?.live).toBe(SEATS);
  });

  test("never have eight held at once, while seats change hands", async () => {
    const { processes } = await clients();
    // Every client wants a seat four times; each holder gives its seat back, some of them twice.
    await Promise.all(
      processes.map(async (process, index) => {
        for (let round = 0; round < CALLS_EACH; round += 1) {
          const held = await process.acquireWithin(25_000);
          await process.beat([held]);
          await process.release(held, 1 + (index % 2));
        }
      }),
    );
    expect(mostHeldAtOnce(processes)).toBe(SEATS);
    const grants = processes.flatMap(({ held }) => held);
    expect(grants).toHaveLength(CLIENTS * CALLS_EACH);
    expect(new Set(grants.map(({ fence }) => fence)).size).toBe(grants.length);
  });

  test("leave no seat idle while somebody waits for one", async () => {
    const { pool, processes } = await clients();
    const first = await Promise.all(processes.slice(0, SEATS).map((p) => p.acquireWithin(5_000)));
    const waiting = processes.slice(SEATS).map((process) => process.acquire());
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["NO_SEATS"]));
    await Promise.all(first.map((held, index) => processes[index]!.release(held)));
    const second = await Promise.all(processes.slice(SEATS).map((process) => process.acquire()));
    expect(second.filter((one) => typeof one !== "string")).toHaveLength(SEATS);
    const listed = await running
      .desk()
      .listSeats({ parent: pool.name, pageSize: 0, pageToken: "", filter: undefined });
    expect(listed.pool?.live).toBe(SEATS);
  });
});

test("licenses that are first used at two brokers at once have their seats at once", async () => {
  await using running = await runningBrokers({ brokers: 2 });
  for (let license = 0; license < 25; license += 1) {
    const pool = somePool({ seats: 2 });
    await running.issue(pool);
    const ada = await running.installation(pool);
    const both = [0, 1].map((broker) => new ClientProcess(pool, () => ada.at(broker)).acquire());
    for (const outcome of await Promise.all(both)) expect(outcome).not.toBeTypeOf("string");
  }
});
