import { expect, test } from "vitest";
import { healthOf, startCluster } from "../src/index.ts";
import { SERVICES } from "../src/service-name.ts";

test("a cluster serves, survives the death of a service, and is gone after disposal", async () => {
  const cluster = await startCluster({ seatBrokers: 2, fence: "100ms" });
  const { issuer, activation, seatBroker, seatBrokers } = cluster.addresses;
  const everyService = [
    [issuer, SERVICES.issuer.fullName],
    [activation, SERVICES.activation.fullName],
    [seatBrokers[0]!, SERVICES["seat-broker"].fullName],
    [seatBrokers[1]!, SERVICES["seat-broker"].fullName],
  ] as const;
  const healths = () =>
    Promise.all(
      everyService.map(([address, name]) => healthOf(address, name, cluster.authorities)),
    );
  try {
    expect(seatBroker).toBe(seatBrokers[0]);
    expect(await healths()).toEqual(["SERVING", "SERVING", "SERVING", "SERVING"]);
    await cluster.kill("seat-broker-2");
    expect(await healths()).toEqual(["SERVING", "SERVING", "SERVING", "UNREACHABLE"]);
    await cluster.restart("seat-broker-2");
    expect(await healths()).toEqual(["SERVING", "SERVING", "SERVING", "SERVING"]);
    expect(cluster.logs("issuer").join("\n")).toContain(issuer);
    await expect(async () => cluster.kill("seat-broker-3")).rejects.toThrow("no seat-broker-3");
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
  expect(await healths()).toEqual(["UNREACHABLE", "UNREACHABLE", "UNREACHABLE", "UNREACHABLE"]);
}, 120_000);
