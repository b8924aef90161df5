import { Resolver } from "node:dns/promises";
import { isProblem } from "@leasehold/kernel";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { discover, openSession } from "../src/index.ts";
import { FakeBroker } from "./fake-broker.ts";
import { someInstallation } from "./some-installation.ts";
import { TinyDns } from "./tiny-dns.ts";

// Node's own way to DNS, with a server on this machine that it asks.

const BROKERS = "_leasehold-broker._tcp.example.test";
const ACTIVATION = "_leasehold-activation._tcp.example.test";

const resolver = new Resolver();
let dns: TinyDns;
beforeAll(async () => {
  dns = await TinyDns.start();
  resolver.setServers([dns.address]);
});
afterAll(() => dns[Symbol.asyncDispose]());
afterEach(() => {
  dns.records.clear();
  dns.asked.length = 0;
  dns.refuses = false;
});

const looking = (kind?: "activation") =>
  discover({
    domain: "example.test",
    environment: {},
    resolveSrv: (name) => resolver.resolveSrv(name),
    ...(kind && { kind }),
  });

async function reasonOf(call: Promise<unknown>): Promise<string> {
  const failure = await call.catch((thrown: unknown) => thrown);
  if (!isProblem(failure)) throw failure;
  return failure.reason;
}

test("servers that DNS publishes are found, in the order of their priority", async () => {
  dns.records.set(BROKERS, [
    { name: "spare.example.test", port: 7403, priority: 20, weight: 0 },
    { name: "first.example.test", port: 7404, priority: 10, weight: 5 },
  ]);
  expect(await looking()).toEqual({
    source: "dns",
    addresses: ["first.example.test:7404", "spare.example.test:7403"],
    inOrder: true,
  });
  expect(dns.asked).toEqual([BROKERS]);
});

test("activation has a name of its own", async () => {
  dns.records.set(ACTIVATION, [{ name: "act.example.test", port: 7402, priority: 0, weight: 0 }]);
  expect((await looking("activation")).addresses).toEqual(["act.example.test:7402"]);
  expect(await reasonOf(looking())).toBe("NOT_FOUND");
});

test("a record of the root says that there is none", async () => {
  dns.records.set(BROKERS, [{ name: ".", port: 0, priority: 0, weight: 0 }]);
  expect(await reasonOf(looking())).toBe("NOT_FOUND");
});

test("a name that DNS does not know names no server, and DNS that refuses is told apart", async () => {
  expect(await reasonOf(looking())).toBe("NOT_FOUND");
  dns.refuses = true;
  expect(await reasonOf(looking())).toBe("DEPENDENCY_UNAVAILABLE");
});

test("a session leases from what was found", async () => {
  await using broker = await new FakeBroker().start();
  const port = Number(broker.address.split(":")[1]);
  dns.records.set(BROKERS, [{ name: "localhost", port, priority: 0, weight: 0 }]);
  const seatBrokers = await looking();
  expect(seatBrokers.addresses).toEqual([`localhost:${port}`]);
  await using session = openSession({
    installation: someInstallation(),
    seatBrokers,
    application: "studio 7.1",
  });
  const seat = await session.acquire({ user: "ada" });
  expect(seat.held()).toBe(true);
});
