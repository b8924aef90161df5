import type { seatBroker } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { openStream } from "./open-stream.ts";
import { openWait } from "./open-wait.ts";
import { problemOf, reasonOf } from "./problem-of.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

// A license that names its users, through two real seat-brokers.

const LONG = { timeout: 10_000, interval: 10 };

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({ brokers: 2 });
});
afterAll(() => running[Symbol.asyncDispose]());

/** A license with a seat for each of three, and an installation of it. */
async function naming(...users: readonly string[]) {
  let revision = 1n;
  const pool = somePool({
    model: "NAMED_USER",
    seats: 3,
    naming: { revision, users: new Set(users) },
  });
  await running.issue(pool);
  const machine = await running.installation(pool);
  const saidBy = (user: string) => ({
    holder: {
      installation: "",
      user,
      host: "mill",
      process: "17",
      applicationVersion: "1.0",
      serverVersion: "",
    },
    claim: { seats: 1, features: [] },
  });
  return {
    pool,
    machine,
    saidBy,
    acquire: async (user: string, broker = 0): Promise<seatBroker.Lease> => {
      const leaseId = someLease(pool.license).bytes;
      const { lease } = await machine.at(broker).acquireSeat({ leaseId, ...saidBy(user) });
      return lease!;
    },
    renew: async ({ leaseId, token }: seatBroker.Lease) => {
      const { renewals } = await machine.broker.renewSeats({ heartbeats: [{ leaseId, token }] });
      return renewals[0]!.validity === undefined ? "refused" : "renewed";
    },
    /** Names these and nobody else, and tells once both brokers know. */
    rename: async (...names: readonly string[]) => {
      revision += 1n;
      await running.issue(renamed(pool, revision, names));
    },
    list: async () => {
      const request = { parent: pool.name, pageSize: 0, pageToken: "", filter: undefined };
      const { seats } = await running.desk().listSeats(request);
      return seats.map(({ holder, state }) => [holder?.user, state]);
    },
  };
}

function renamed(pool: Pool, revision: bigint, names: readonly string[]): Pool {
  const naming = { revision, users: new Set(names) };
  return { ...pool, terms: { ...pool.terms, naming } };
}

test("a named user gets a seat, and nobody else, in whatever way they ask", async () => {
  const license = await naming("ada");
  await license.acquire("ada");
  for (const user of ["bob", "Ada", ""]) {
    const problem = await problemOf(license.acquire(user));
    expect(problem.reason).toBe("USER_NOT_NAMED");
    expect(problem.message).not.toContain("ada");
  }
  const waits = openWait(
    license.machine.broker,
    someLease(license.pool.license).bytes,
    undefined,
    license.saidBy("bob"),
  );
  expect(await waits.ended).toMatchObject({ reason: "USER_NOT_NAMED" });
});

test("where nobody was named yet nobody has a seat", async () => {
  const license = await naming();
  expect(await reasonOf(license.acquire("ada"))).toBe("USER_NOT_NAMED");
});

test("a user who is named gets a seat at once, at whichever seat-broker", async () => {
  const license = await naming("ada");
  for (const broker of [0, 1])
    expect(await reasonOf(license.acquire("bob", broker))).toBe("USER_NOT_NAMED");
  await license.rename("ada", "bob");
  for (const broker of [0, 1]) await license.acquire("bob", broker);
});

test("whoever is named no more is told, loses the seat and gets no other; all others keep theirs", async () => {
  const license = await naming("ada", "bob");
  const [ada, bob] = [await license.acquire("ada"), await license.acquire("bob", 1)];
  await using stream = await openStream(license.machine.at(1));
  await vi.waitFor(() => expect(stream.changes()).toHaveLength(1), LONG);
  await license.rename("ada", "cho");
  await vi.waitFor(() => expect(stream.revocations()).toHaveLength(1), LONG);
  expect(stream.revocations()[0]).toMatchObject({
    leaseId: bob.leaseId,
    reason: "the license does not name this user any more",
  });
  expect(await license.renew(bob)).toBe("refused");
  for (const broker of [0, 1])
    expect(await reasonOf(license.acquire("bob", broker))).toBe("USER_NOT_NAMED");
  expect(await license.renew(ada)).toBe("renewed");
  await license.acquire("cho");
  // Bob may save his work before he gives it back.
  expect((await license.list()).filter(([user]) => user === "bob")).toHaveLength(1);
  await license.machine.broker.releaseSeat({ leaseId: bob.leaseId });
  expect(new Set((await license.list()).map(([user]) => user))).toEqual(new Set(["ada", "cho"]));
  // Clients are not told of each other's names.
  expect(stream.changes()).toHaveLength(1);
});

test("whoever waited and is named no more is told so", async () => {
  const license = await naming("ada", "bob");
  for (let seat = 0; seat < 3; seat += 1) await license.acquire("ada");
  const waits = openWait(
    license.machine.at(1),
    someLease(license.pool.license).bytes,
    undefined,
    license.saidBy("bob"),
  );
  await vi.waitFor(() => expect(waits.ahead.length).toBeGreaterThan(0), LONG);
  await license.rename("ada");
  expect(await waits.ended).toMatchObject({ reason: "USER_NOT_NAMED" });
});

test("a seat-broker that starts anew knows whom the license names", async () => {
  const license = await naming("ada");
  await running.restart(1);
  await license.acquire("ada", 1);
  expect(await reasonOf(license.acquire("bob", 1))).toBe("USER_NOT_NAMED");
});

test("of two feed steps that come the wrong way round the newer counts", async () => {
  const license = await naming("ada");
  await license.rename("ada", "bob");
  await license.acquire("bob");
  running.activation.put(renamed(license.pool, 1n, ["ada"]));
  const other = await naming("ada"); // the older step is dealt with when this one is
  await other.acquire("ada");
  expect(await license.acquire("bob", 1)).toBeDefined();
});

test("whom the license does not name shows among the denials", async () => {
  const license = await naming("ada");
  expect(await reasonOf(license.acquire("eve"))).toBe("USER_NOT_NAMED");
  await vi.waitFor(async () => {
    const { denials } = await running.usage().listDenials({
      parent: license.pool.name,
      pageSize: 10,
      pageToken: "",
      filter: undefined,
    });
    expect(denials.map(({ holder, cause }) => [holder?.user, cause])).toEqual([["eve", 5]]);
  }, LONG);
});
