import { ChangePolicy, seatBroker } from "@leasehold/contracts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pool, Terms } from "../src/domain/pool.ts";
import { openStream } from "./open-stream.ts";
import { openWait } from "./open-wait.ts";
import { problemOf } from "./problem-of.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

const { CLIENT_NEWER, CLIENT_OLDER } = seatBroker.LeaseWarningKind;
const LONG = { timeout: 10_000, interval: 50 };

let running: RunningBrokers;
beforeAll(async () => {
  running = await runningBrokers({ brokers: 2 });
});
afterAll(() => running[Symbol.asyncDispose]());

function holder(applicationVersion: string, serverVersion = ""): seatBroker.Holder {
  const said = { installation: "", user: "ada", host: "difference", process: "17" };
  return { ...said, applicationVersion, serverVersion };
}

/** A license with these rules, and an installation of it. */
async function ruled(versions: Partial<Terms["versions"]>) {
  const pool = somePool({ versions: { tolerance: "ANY", ...versions }, productRevision: 1n });
  await running.issue(pool);
  const ada = await running.installation(pool);
  const acquire = (of: seatBroker.Holder, broker = 0) =>
    ada.at(broker).acquireSeat({ leaseId: someLease(pool.license).bytes, holder: of });
  return { pool, ada, acquire };
}

/** The same license, with what another revision of its product rules. */
function ruledAnew(pool: Pool, productRevision: bigint, versions: Terms["versions"]): Pool {
  return { ...pool, productRevision, terms: { ...pool.terms, versions } };
}

test("whoever differs from its server by more than is tolerated gets its seat, and is warned", async () => {
  const { pool, acquire } = await ruled({ tolerance: "SAME_MAJOR" });
  expect((await acquire(holder("4.9", "4.1"))).warnings).toEqual([]);
  const older = { kind: CLIENT_OLDER, clientVersion: "3.9", serverVersion: "4.1" };
  expect((await acquire(holder("3.9", "4.1"))).warnings).toEqual([older]);
  const newer = { kind: CLIENT_NEWER, clientVersion: "5.0", serverVersion: "4.1" };
  expect((await acquire(holder("5.0", "4.1"))).warnings).toEqual([newer]);
  const { seats } = await running.desk().listSeats({ parent: pool.name });
  const listed = seats.map((seat) => [seat.holder?.serverVersion, seat.warnings]);
  expect(listed).toEqual(
    expect.arrayContaining([
      ["4.1", []],
      ["4.1", [older]],
      ["4.1", [newer]],
    ]),
  );
});

test.each([
  ["that the license is not for", { licensed: { oldest: "4", newest: "4" } }],
  ["that the product does not support", { supported: { oldest: "4", newest: "4" } }],
])("a client %s gets no seat, and no place in the queue", async (_, versions) => {
  const { pool, ada, acquire } = await ruled(versions);
  for (const version of ["3.9", "5.0.1", "", "demo"]) {
    const problem = await problemOf(acquire(holder(version)));
    expect(problem).toMatchObject({
      reason: "VERSION_NOT_COVERED",
      metadata: { update: "client", version, oldest: "4", newest: "4" },
    });
  }
  await using wait = openWait(ada.broker, someLease(pool.license).bytes, undefined, {
    holder: holder("3.9"),
  });
  expect(await wait.ended).toMatchObject({ reason: "VERSION_NOT_COVERED" });
  expect((await acquire(holder("4.2"))).lease).toBeDefined();
});

test("a server that is not supported keeps its clients from seats, and is named", async () => {
  const { acquire } = await ruled({ supported: { oldest: "4" } });
  const problem = await problemOf(acquire(holder("4.2", "3.7")));
  expect(problem.metadata).toEqual({ update: "server", version: "3.7", oldest: "4" });
});

test("who is refused is in the ledger, with the cause", async () => {
  const { pool, acquire } = await ruled({ supported: { oldest: "4" } });
  await problemOf(acquire(holder("3")));
  const { VERSION_NOT_COVERED: cause } = seatBroker.DenialCause;
  await vi.waitFor(async () => {
    const { denials } = await running.usage().listDenials({ parent: pool.name, filter: { cause } });
    expect(denials).toMatchObject([{ cause, holder: { applicationVersion: "3" } }]);
  }, LONG);
});

test("what another revision of the product rules is in force at every broker, the license as it was", async () => {
  const { pool, ada, acquire } = await ruled({});
  const { lease } = await acquire(holder("3.9"));
  for (const broker of [0, 1]) await acquire(holder("3.9"), broker); // each knows the terms by now
  running.activation.put(ruledAnew(pool, 2n, { supported: { oldest: "4" }, tolerance: "ANY" }));
  for (const broker of [0, 1])
    await vi.waitFor(async () => {
      const problem = await problemOf(acquire(holder("3.9"), broker));
      expect(problem.reason).toBe("VERSION_NOT_COVERED");
    }, LONG);
  // Whoever works goes on.
  const beat = { leaseId: lease!.leaseId, token: lease!.token };
  const { renewals } = await ada.broker.renewSeats({ heartbeats: [beat] });
  expect(renewals[0]?.outcome).toBe(seatBroker.RenewalOutcome.RENEWED);
});

test("rules of an earlier revision of the product do not undo later ones, also after a restart", async () => {
  const { pool, acquire } = await ruled({});
  const strict = { supported: { oldest: "4" }, tolerance: "ANY" } as const;
  running.activation.put(ruledAnew(pool, 5n, strict));
  const refused = () => problemOf(acquire(holder("3")));
  await vi.waitFor(async () => expect((await refused()).reason).toBe("VERSION_NOT_COVERED"), LONG);
  running.activation.put(ruledAnew(pool, 3n, { tolerance: "ANY" }));
  await running.issue(somePool()); // which comes behind it
  expect((await refused()).reason).toBe("VERSION_NOT_COVERED");
  await running.restart(0);
  await vi.waitFor(async () => expect((await refused()).reason).toBe("VERSION_NOT_COVERED"), LONG);
});

test("a version that is longer than versions are is at fault", async () => {
  const { acquire } = await ruled({});
  const problem = await problemOf(acquire(holder("4", "4".repeat(201))));
  expect(problem.violations).toMatchObject([{ field: "holder.server_version" }]);
});

test("how changes reach those who work is told to them, and kept over a restart", async () => {
  const pool = somePool({ changePolicy: "RESTART_REQUIRED", versions: { tolerance: "ANY" } });
  await running.issue(pool);
  const told = async () => {
    await using stream = await openStream((await running.installation(pool)).broker);
    await vi.waitFor(() => expect(stream.changes()).toHaveLength(1), LONG);
    return stream.changes()[0]?.terms?.changePolicy;
  };
  expect(await told()).toBe(ChangePolicy.RESTART_REQUIRED);
  await running.restart(0);
  expect(await told()).toBe(ChangePolicy.RESTART_REQUIRED);
});
