import { createHash } from "node:crypto";
import { methodRule, PrincipalKind, seatBroker } from "@leasehold/contracts";
import type { ServiceDefinition } from "@leasehold/contracts";
import type { CustomerRole } from "@leasehold/service-kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pool } from "../src/domain/pool.ts";
import { problemOf } from "./problem-of.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { someLease, somePool } from "./some-pool.ts";

/** `somePool` is a license of `customers/acme`. */
const PEOPLE = {
  administrator: ["customers/acme", "ADMINISTRATOR"],
  user: ["customers/acme", "USER"],
  stranger: ["customers/other", "ADMINISTRATOR"],
} as const satisfies Record<string, readonly [customer: string, role: CustomerRole]>;
type Person = keyof typeof PEOPLE;

let running: RunningBrokers;
let pool: Pool;
beforeAll(async () => {
  running = await runningBrokers({
    callers: Object.entries(PEOPLE).map(([name, membership]) => ({
      sha256: createHash("sha256").update(name).digest(),
      principal: {
        kind: "account",
        account: `accounts/${name}`,
        memberships: new Map([membership]),
      },
    })),
  });
  pool = somePool({ seats: 10 });
  await running.issue(pool);
});
afterAll(() => running[Symbol.asyncDispose]());

const headers = (person: Person) => ({ authorization: `Bearer ${person}` });

/** What each method of accounts is asked for, about one license. */
const ASKED: Readonly<Record<string, (by: Person, license: string) => Promise<unknown>>> = {
  listSeats: (by, parent) =>
    running.client(headers(by)).listSeats(seatBroker.ListSeatsRequest.fromPartial({ parent })),
  listSessions: (by, parent) =>
    running
      .usage(0, headers(by))
      .listSessions(seatBroker.ListSessionsRequest.fromPartial({ parent })),
  listDenials: (by, parent) =>
    running
      .usage(0, headers(by))
      .listDenials(seatBroker.ListDenialsRequest.fromPartial({ parent })),
  getUsage: (by, parent) =>
    running.usage(0, headers(by)).getUsage(
      seatBroker.GetUsageRequest.fromPartial({
        parent,
        resolution: seatBroker.UsageResolution.DAY,
        startTime: new Date("2026-01-01T00:00:00Z"),
        endTime: new Date("2026-01-02T00:00:00Z"),
      }),
    ),
  exportUsage: async (by, parent) => {
    const table = seatBroker.UsageTable.SESSIONS;
    const request = seatBroker.ExportUsageRequest.fromPartial({ parent, table });
    for await (const _ of running.usage(0, headers(by)).exportUsage(request));
  },
};

async function acquired(): Promise<Buffer> {
  const { broker } = await running.installation(pool);
  const leaseId = someLease(pool.license).bytes;
  const holder = {
    installation: "",
    user: "ada",
    host: "difference",
    process: "17",
    applicationVersion: "1.0",
  };
  await broker.acquireSeat({ leaseId, holder, claim: { seats: 1, features: [] } });
  return leaseId;
}

function revoke(by: Person, leaseId: Buffer): Promise<unknown> {
  return running.client(headers(by)).revokeSeat({ leaseId, reason: "", immediate: true });
}

test("every method that an account may call is here", () => {
  const services: readonly ServiceDefinition[] = [
    seatBroker.SeatBrokerServiceDefinition,
    seatBroker.UsageServiceDefinition,
  ];
  const accounts = services.flatMap(({ methods }) =>
    Object.entries(methods)
      .filter(([, method]) => methodRule(method)?.principals.includes(PrincipalKind.ACCOUNT))
      .map(([name]) => name),
  );
  expect([...Object.keys(ASKED), "revokeSeat"].toSorted()).toEqual(accounts.toSorted());
});

test.each(Object.keys(ASKED))("%s is for people of the customer alone", async (method) => {
  const ask = ASKED[method]!;
  await ask("administrator", pool.name);
  await ask("user", pool.name);
  const { reason, message } = await problemOf(ask("stranger", pool.name));
  const absent = await problemOf(ask("administrator", somePool().name));
  expect([reason, message]).toEqual(["NOT_FOUND", absent.message]);
  expect(absent.reason).toBe("NOT_FOUND");
});

test.each(Object.keys(ASKED))(
  "%s does not take a license under another customer",
  async (method) => {
    const elsewhere = pool.name.replace("customers/acme", "customers/other");
    expect((await problemOf(ASKED[method]!("stranger", elsewhere))).reason).toBe("NOT_FOUND");
  },
);

test("a seat is taken back by administrators of the customer alone", async () => {
  const leaseId = await acquired();
  const refused = await problemOf(revoke("stranger", leaseId));
  const absent = await problemOf(revoke("administrator", someLease(somePool().license).bytes));
  expect([refused.reason, refused.message]).toEqual(["NOT_FOUND", absent.message]);
  expect((await problemOf(revoke("user", leaseId))).reason).toBe("PERMISSION_DENIED");
  await revoke("administrator", leaseId);
  const { seats } = await running
    .desk()
    .listSeats(seatBroker.ListSeatsRequest.fromPartial({ parent: pool.name }));
  expect(seats).toEqual([]);
});

test("pools are drained by the vendor alone", async () => {
  const drain = running.client(headers("administrator")).drainPool({ license: pool.name });
  expect((await problemOf(drain)).reason).toBe("PERMISSION_DENIED");
});
