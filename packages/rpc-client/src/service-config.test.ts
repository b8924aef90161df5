import { SERVICES, seatBroker } from "@leasehold/contracts";
import { expect, test } from "vitest";
import { serviceConfig } from "./service-config.ts";

const config = serviceConfig(SERVICES);
const [retried] = config.methodConfig;
const names = retried?.name.map(({ method }) => method) ?? [];

test("only what is harmless to repeat is tried again, and never a stream", () => {
  expect(names).toContain("AcquireSeat");
  expect(names).toContain("Unlock");
  expect(names).not.toContain("KeepAlive");
  expect(names).not.toContain("WatchLicenses");
  const unsaid = { ...seatBroker.SeatBrokerServiceDefinition.methods.acquireSeat, options: {} };
  const service = { ...seatBroker.SeatBrokerServiceDefinition, methods: { unsaid } };
  expect(serviceConfig([service]).methodConfig).toEqual([]);
});

test("it is tried again only when the server cannot be reached", () => {
  expect(retried?.retryPolicy?.retryableStatusCodes).toEqual(["UNAVAILABLE"]);
});
