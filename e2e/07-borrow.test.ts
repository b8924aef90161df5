import { once } from "node:events";
import {
  openInstallation,
  openSession,
  type Problem,
  type Seat,
  type SeatSession,
} from "@leasehold/client";
import { seatBroker } from "@leasehold/contracts";
import { parseName, uuidBytes, type Uuid } from "@leasehold/kernel";
import { until } from "@leasehold/testkit";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Sale, Sold } from "./desk/licensing-desk.ts";
import type { Machine } from "./site/machine.ts";
import { openStory, type Story } from "./site/story.ts";

const SALE: Sale = {
  seats: 1,
  features: ["dataflow"],
  leaseTimes: { validityMs: 3_000, graceMs: 1_000 },
  seatPolicy: { offlineDays: 3 },
};
const DAY_MS = 86_400_000;
const LIMIT = { timeout: 30_000, interval: 100 };

let story: Story;
let sold: Sold;
let laptop: Machine;
let desktop: Machine;

beforeAll(async () => {
  story = await openStory({ fence: "1s" });
}, 120_000);

afterAll(() => story[Symbol.asyncDispose]());

/** A license of one seat for each test, and two machines. */
beforeEach(async () => {
  sold = await story.desk.sell(SALE);
  const id = sold.license.name.slice(-12);
  laptop = await story.unlock(sold, `laptop-${id}`);
  desktop = await story.unlock(sold, `desktop-${id}`);
});

/** A process on a machine, started anew: it knows what is on disk. */
async function sessionOn({ directory }: Machine): Promise<SeatSession> {
  const opened = await openInstallation(directory);
  if (opened.kind !== "unlocked") throw new Error(JSON.stringify(opened));
  const { seatBrokers } = story.cluster.addresses;
  return openSession({
    installation: opened.installation,
    seatBrokers,
    authorities: story.cluster.authorities,
    application: "story 1.0",
  });
}

async function borrowOn(machine: Machine): Promise<Seat> {
  await using session = await sessionOn(machine);
  const seat = await session.acquire({ user: "ada" });
  await seat.borrow({ days: 1 });
  return seat;
}

/** Why a machine does not get a seat; "acquired" if it does, and gives it back. */
async function outcomeOn(machine: Machine): Promise<string> {
  await using session = await sessionOn(machine);
  return await session.acquire({ user: "luigi" }).then(
    () => "acquired",
    (problem: Problem) => problem.reason,
  );
}

test("a seat goes on a journey: held without a network, warned of its end, checked in early", async () => {
  const before = await borrowOn(laptop);
  expect(before.held()).toBe(true);
  await story.cluster.kill("seat-broker");
  {
    await using offline = await sessionOn(laptop);
    const [seat] = await offline.borrowedSeats();
    expect(seat?.held()).toBe(true);
    expect(seat).toMatchObject({ fencingToken: before.fencingToken, borrowed: before.borrowed });
    const [{ remainingMs }] = (await once(seat!.events, "borrowEnding")) as [
      { readonly remainingMs: number },
    ];
    expect(remainingMs).toBeLessThan(DAY_MS);
    expect(remainingMs).toBeGreaterThan(DAY_MS / 2);
  }
  await story.cluster.restart("seat-broker");
  await expect.poll(() => outcomeOn(desktop), LIMIT).toBe("NO_SEATS");
  await using home = await sessionOn(laptop);
  const [seat] = await home.borrowedSeats();
  await seat!.release();
  expect([seat!.held(), before.held()]).toEqual([false, false]);
  expect(await outcomeOn(desktop)).toBe("acquired");
}, 120_000);

test("a seat that is checked in on the road is free once the machine is back", async () => {
  await borrowOn(laptop);
  await story.cluster.kill("seat-broker");
  {
    await using offline = await sessionOn(laptop);
    const [seat] = await offline.borrowedSeats();
    await seat!.release();
  }
  await story.cluster.restart("seat-broker");
  await using home = await sessionOn(laptop);
  expect(await home.borrowedSeats()).toEqual([]);
  await expect.poll(() => outcomeOn(desktop), LIMIT).toBe("acquired");
}, 120_000);

test("the seat of a machine that is lost comes back by itself, at its end", async () => {
  const { endTime } = await lostLaptop();
  expect(await outcomeOn(desktop)).toBe("NO_SEATS");
  await letPass(endTime - Date.now());
  expect(await outcomeOn(desktop)).toBe("NO_SEATS");
  await letPass(DAY_MS / 100);
  expect(await outcomeOn(desktop)).toBe("acquired");
}, 60_000);

test("a borrowed seat outlives everything in Redis", async () => {
  const seat = await borrowOn(laptop);
  const redis = new Redis(story.cluster.redisUrl);
  await redis.flushdb();
  redis.disconnect();
  await until("the pool has recovered", LIMIT.timeout, async () =>
    (await outcomeOn(desktop)) === "RECOVERING" ? undefined : true,
  );
  expect(await outcomeOn(desktop)).toBe("NO_SEATS");
  const [known] = await story.desk.seats(sold.license.name);
  expect(known).toMatchObject({
    state: seatBroker.SeatState.BORROWED,
    fencingToken: seat.fencingToken,
    holder: { user: "ada" },
  });
}, 60_000);

test("a license that allows less refuses, and the seat goes on as it was", async () => {
  await using session = await sessionOn(laptop);
  const seat = await session.acquire({ user: "ada" });
  await expect(seat.borrow({ days: 4 })).rejects.toMatchObject({
    reason: "BORROW_REFUSED",
    metadata: { offline_days: "3" },
  });
  expect(seat.held()).toBe(true);
  expect(seat.borrowed).toBeUndefined();
});

/** A laptop that borrowed the seat, and was never heard of again. */
async function lostLaptop(): Promise<{ readonly endTime: number }> {
  await borrowOn(laptop);
  const [seat] = await story.desk.seats(sold.license.name);
  expect(seat?.state).toBe(seatBroker.SeatState.BORROWED);
  const freeTime = seat!.expireTime!.getTime();
  // What it is kept longer than its holder may rely on it.
  return { endTime: freeTime - DAY_MS / 1000 - 4_000 };
}

/** Lets so much of the pool's time pass, by letting less of Redis' time not count. */
async function letPass(ms: number): Promise<void> {
  const redis = new Redis(story.cluster.redisUrl);
  const name = parseName("customers/{customer}/licenses/{license}", sold.license.name);
  const tag = Buffer.from(uuidBytes(name!.license as Uuid)).toString("base64url");
  await redis.hincrby(`lease:{${tag}}:m`, "skipped", -Math.round(ms));
  redis.disconnect();
}
